/* A forward model for Palimpsest: loses each pixel with a probability, all its channels alike, and fills it with standard normal noise.
 *
 *   cc -O2 -std=c99 -o mask mask.c -lm
 *   mask [PROBABILITY [NOISE]]     (default .5 .001), as the command of an external-process; docs/external-process.md has the protocol.
 *
 * To make your own, keep all but corrupt(), its hello in main() and the shape of its conditioning. Little-endian machines only. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

/* ---- random numbers: splitmix64 (Steele, Lea, Flood 2014) and the polar method (Marsaglia) ---- */

static uint64_t state;

static double uniform(void) {
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (double) ((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static float normal(void) {
    double u, v, s;
    do {
        u = 2 * uniform() - 1;
        v = 2 * uniform() - 1;
        s = u * u + v * v;
    } while (s >= 1 || s == 0);
    return (float) (u * sqrt(-2 * log(s) / s));
}

/* ---- the corruption: x [n, channels, pixels] becomes y in place; seen [n, pixels] is 1 where seen, 0 where lost ---- */

static void corrupt(float *x, float *seen, size_t n, size_t channels, size_t pixels, double probability, double noise) {
    for (size_t item = 0; item < n; item++, seen += pixels) {
        for (size_t pixel = 0; pixel < pixels; pixel++) {
            seen[pixel] = uniform() >= probability ? 1.0f : 0.0f;
        }
        for (size_t channel = 0; channel < channels; channel++, x += pixels) {
            for (size_t pixel = 0; pixel < pixels; pixel++) {
                float draw = normal();
                x[pixel] = seen[pixel] != 0 ? x[pixel] + (float) noise * draw : draw;
            }
        }
    }
}

/* ---- the protocol ---- */

static void fail(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static void *allocate(size_t size) {
    void *memory = malloc(size ? size : 1);
    if (!memory) {
        fail("out of memory");
    }
    return memory;
}

static void read_exactly(void *target, size_t size) {
    if (fread(target, 1, size, stdin) != size) {
        fail("standard input ended in the middle of a frame");
    }
}

/* Reads the header of an array of float32 with four dimensions; returns how many it has. */
static int read_header(size_t shape[4]) {
    unsigned char preamble[10];
    read_exactly(preamble, sizeof preamble);
    size_t length = preamble[8] + 256u * preamble[9];
    char *header = allocate(length + 1);
    read_exactly(header, length);
    header[length] = 0;
    char *open = strchr(header, '(');
    if (!strstr(header, "'<f4'") || !open) {
        fail("expected an array of <f4");
    }
    int dimensions = 0;
    char *next = open + 1;
    for (char *end; dimensions < 4; next = end + strspn(end, ", ")) {
        shape[dimensions] = (size_t) strtoul(next, &end, 10);
        if (end == next) {
            break;
        }
        dimensions++;
    }
    free(header);
    return dimensions;
}

static void write_array(const float *values, const size_t shape[4]) {
    char header[119];
    int length = snprintf(header, sizeof header, "{'descr': '<f4', 'fortran_order': False, 'shape': (%lu, %lu, %lu, %lu), }",
                          (unsigned long) shape[0], (unsigned long) shape[1], (unsigned long) shape[2], (unsigned long) shape[3]);
    /* the header is filled up with spaces, so that with its preamble it has 128 bytes, the last of which ends the line */
    printf("%.6s", "\x93NUMPY");
    fwrite("\x01\x00\x76\x00", 1, 4, stdout);
    printf("%s%*s\n", header, 117 - length, "");
    fwrite(values, sizeof *values, shape[0] * shape[1] * shape[2] * shape[3], stdout);
}

int main(int count, char **arguments) {
    double probability = count > 1 ? atof(arguments[1]) : .5;
    double noise = count > 2 ? atof(arguments[2]) : .001;
#ifdef _WIN32
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
#endif
    printf("palimpsest 1 mask conditioning=maps:1\n");
    fflush(stdout);
    char line[128];
    while (fgets(line, sizeof line, stdin)) {
        char id[32];
        unsigned long long seed;
        size_t shape[4];
        if (sscanf(line, "frame %31s %llu", id, &seed) != 2) {
            fail("expected a line: frame <id> <seed>");
        }
        if (read_header(shape) != 4) {
            printf("error expected images [n, channels, height, width]\n");
            fflush(stdout);
            return 1;
        }
        size_t pixels = shape[2] * shape[3];
        float *x = allocate(shape[0] * shape[1] * pixels * sizeof *x);
        float *seen = allocate(shape[0] * pixels * sizeof *seen);
        size_t map[4] = {shape[0], 1, shape[2], shape[3]};
        read_exactly(x, shape[0] * shape[1] * pixels * sizeof *x);
        state = seed;
        corrupt(x, seen, shape[0], shape[1], pixels, probability, noise);
        printf("frame %s\n", id);
        write_array(x, shape);
        write_array(seen, map);
        fflush(stdout);
        free(x);
        free(seen);
    }
    return 0;
}

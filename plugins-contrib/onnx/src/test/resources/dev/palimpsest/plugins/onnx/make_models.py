"""Writes the ONNX models of the tests, beside this file, byte by byte (no library of ONNX is needed): protocol buffers as onnx.proto3 of ONNX 1.8 describes them, opset 13.

average.onnx  x [N, C, H, W]  -> GlobalAveragePool -> [N, C, 1, 1]
linear.onnx   x [N, 3]        -> Gemm: y = x W^T + b, W = [[1, 2, 3], [0, -1, 4]], b = [0.5, -2] -> [N, 2]
last.onnx     x [N, H, W, 3]  -> ReduceMean over H and W -> [N, 3]
fixed.onnx    x [2, 3, 4, 4]  -> Flatten -> [2, 48]: batches of two, images of 4 x 4, three channels
"""

import pathlib
import struct

FLOAT = 1


def varint(value):
    out = b""
    while value > 127:
        out += bytes([value & 127 | 128])
        value >>= 7
    return out + bytes([value])


def number(field, value):
    return varint(field << 3) + varint(value)


def block(field, content):
    content = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(content)) + content


def tensor(name, dims, values):
    return b"".join(number(1, d) for d in dims) + number(2, FLOAT) + block(8, name) + block(9, struct.pack(f"<{len(values)}f", *values))


def value(name, dims):
    shape = b"".join(block(1, number(1, d) if isinstance(d, int) else block(2, d)) for d in dims)
    return block(1, name) + block(2, block(1, number(1, FLOAT) + block(2, shape)))


def integer(name, value):
    return block(5, block(1, name) + number(3, value) + number(20, 2))


def integers(name, values):
    return block(5, block(1, name) + b"".join(number(8, v) for v in values) + number(20, 7))


def model(file, operation, inputs, attributes, shape_in, shape_out, initializers=()):
    node = b"".join(block(1, i) for i in inputs) + block(2, "features") + block(4, operation) + attributes
    graph = block(1, node) + block(2, "graph") + b"".join(block(5, t) for t in initializers)
    graph += block(11, value("x", shape_in)) + block(12, value("features", shape_out))
    content = number(1, 7) + block(2, "make_models.py") + block(7, graph) + block(8, block(1, "") + number(2, 13))
    pathlib.Path(__file__).with_name(file).write_bytes(content)


model("average.onnx", "GlobalAveragePool", ["x"], b"", ["n", "c", "h", "w"], ["n", "c", 1, 1])
model("linear.onnx", "Gemm", ["x", "W", "b"], integer("transB", 1), ["n", 3], ["n", 2],
      [tensor("W", [2, 3], [1, 2, 3, 0, -1, 4]), tensor("b", [2], [.5, -2])])
model("last.onnx", "ReduceMean", ["x"], integers("axes", [1, 2]) + integer("keepdims", 0), ["n", "h", "w", 3], ["n", 3])
model("fixed.onnx", "Flatten", ["x"], integer("axis", 1), [2, 3, 4, 4], [2, 48])

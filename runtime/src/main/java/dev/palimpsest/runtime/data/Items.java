package dev.palimpsest.runtime.data;

import java.util.Optional;

/** What a data source holds: clean items, from which observations are to be simulated, or observations, of which the clean items are unknown. */
public sealed interface Items extends AutoCloseable {
    @Override
    void close();

    /** Clean items, row by row. */
    record Clean(Table x) implements Items {
        @Override
        public void close() {
            x.close();
        }
    }

    /**
     * Observations, row by row.
     *
     * @param conditioning what is known of each one's corruption: maps [c, H, W] or vectors [d]
     */
    record Observed(Table y, Optional<Table> conditioning) implements Items {
        /** @throws DataException if the conditioning does not fit */
        public Observed {
            conditioning.ifPresent(known ->
                    Conditioning.check(known.where(0), y.count(), y.itemShape(), known.count(), known.itemShape()));
        }

        @Override
        public void close() {
            y.close();
            conditioning.ifPresent(Table::close);
        }
    }
}

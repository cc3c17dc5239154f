"""Evidence tables: a row for each paper, a cell for each column, and in each cell what the paper itself says."""

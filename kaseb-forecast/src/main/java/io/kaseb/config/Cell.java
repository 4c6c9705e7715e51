package io.kaseb.config;

/// The recurrent cell.
public enum Cell {
  /// Gated recurrent unit (Cho et al. 2014), gates r, z, n.
  GRU(3),
  /// Long short-term memory (Hochreiter and Schmidhuber 1997), gates i, f, g, o.
  LSTM(4),
  /// Minimal gated unit (Zhou et al. 2016), gates f and the candidate.
  MGU(2);

  private final int gates;

  Cell(int gates) {
    this.gates = gates;
  }

  /// Returns how many blocks of gate weights a unit has.
  public int gates() {
    return gates;
  }
}

package io.kaseb.simulate;

/// Formats rows of the YOOCHOOSE files.
final class YoochooseText {
  private final LogText text = new LogText();

  /// Appends `session,time,item,category`.
  void click(long session, long millis, int item, int category) {
    head(session, millis, item);
    if (category == SimulatedWorld.SPECIAL) {
      text.sign('S');
    } else {
      text.number(category);
    }
    text.sign('\n');
  }

  /// Appends `session,time,item,price,quantity`.
  void buy(long session, long millis, int item, int price, int quantity) {
    head(session, millis, item);
    text.number(price).sign(',').number(quantity).sign('\n');
  }

  /// Returns all that was appended.
  byte[] toBytes() {
    return text.toBytes();
  }

  private void head(long session, long millis, int item) {
    text.row().number(session).sign(',').time(millis).sign(',').number(item).sign(',');
  }
}

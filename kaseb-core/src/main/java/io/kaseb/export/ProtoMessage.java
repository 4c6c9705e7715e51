package io.kaseb.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One message in the wire form of Protocol Buffers, put together field by field. Weights are kept
/// as they are until the message is written, so that a model takes no second room in memory.
final class ProtoMessage {
  private static final int CHUNK = 1 << 16;
  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;

  /// Pieces in their order: `byte[]`, `float[]` or [ProtoMessage].
  private final List<Object> pieces = new ArrayList<>();

  private long size;

  /// Returns the bytes of the message, its own tag and length apart.
  long size() {
    return size;
  }

  /// Adds a whole number, a truth value or an enum's number.
  ProtoMessage number(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  /// Adds a text.
  ProtoMessage text(int field, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    tag(field, LENGTH_DELIMITED);
    varint(utf8.length);
    add(utf8);
    return this;
  }

  /// Adds a message, which must be complete.
  ProtoMessage message(int field, ProtoMessage value) {
    tag(field, LENGTH_DELIMITED);
    varint(value.size);
    pieces.add(value);
    size += value.size;
    return this;
  }

  /// Adds numbers as raw bytes, little-endian.
  ProtoMessage raw(int field, float[] values) {
    tag(field, LENGTH_DELIMITED);
    varint(4L * values.length);
    pieces.add(values);
    size += 4L * values.length;
    return this;
  }

  /// Adds whole numbers one behind the other, each as short as it goes.
  ProtoMessage packed(int field, long[] values) {
    ProtoMessage all = new ProtoMessage();
    for (long value : values) {
      all.varint(value);
    }
    return message(field, all);
  }

  /// Adds whole numbers as raw bytes, little-endian.
  ProtoMessage raw(int field, long[] values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asLongBuffer().put(values);
    tag(field, LENGTH_DELIMITED);
    varint(buffer.capacity());
    add(buffer.array());
    return this;
  }

  private void tag(int field, int type) {
    varint(((long) field << 3) | type);
  }

  private void varint(long value) {
    byte[] bytes = new byte[10];
    int n = 0;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[n++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    bytes[n++] = (byte) rest;
    add(Arrays.copyOf(bytes, n));
  }

  private void add(byte[] bytes) {
    pieces.add(bytes);
    size += bytes.length;
  }

  /// Writes the message.
  void writeTo(OutputStream out) throws IOException {
    for (Object piece : pieces) {
      switch (piece) {
        case byte[] bytes -> out.write(bytes);
        case float[] floats -> writeFloats(out, floats);
        case ProtoMessage message -> message.writeTo(out);
        default -> throw new IllegalStateException("a piece of " + piece.getClass());
      }
    }
  }

  private static void writeFloats(OutputStream out, float[] data) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < data.length; at += CHUNK) {
      int n = Math.min(CHUNK, data.length - at);
      buffer.asFloatBuffer().put(data, at, n);
      out.write(buffer.array(), 0, 4 * n);
    }
  }
}

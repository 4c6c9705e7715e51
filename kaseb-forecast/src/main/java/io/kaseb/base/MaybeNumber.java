package io.kaseb.base;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;

/// How JSON has a number that may be none: NaN is `null`.
public final class MaybeNumber {
  private MaybeNumber() {}

  /// Writes one.
  public static final class Writer extends ValueSerializer<Double> {
    /// Creates it.
    public Writer() {}

    @Override
    public void serialize(Double value, JsonGenerator json, SerializationContext context) {
      if (value.isNaN()) {
        json.writeNull();
      } else {
        json.writeNumber((double) value);
      }
    }
  }

  /// Reads one.
  public static final class Reader extends ValueDeserializer<Double> {
    /// Creates it.
    public Reader() {}

    @Override
    public Double deserialize(JsonParser json, DeserializationContext context) {
      return json.getValueAsDouble();
    }

    @Override
    public Double getNullValue(DeserializationContext context) {
      return Double.NaN;
    }

    @Override
    public Double getAbsentValue(DeserializationContext context) {
      return Double.NaN;
    }
  }
}

package io.kaseb.examples;

import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads clicks from one Kafka topic and writes a forecast for each to another.
///
/// A click's key is its session, its value `{"item": "sku-1", "time": 1396867869277}`; `time`, in
/// milliseconds, may be left out. A forecast has the same key and the value `{"clicks": 2, "buys":
/// 0.07, "next": [{"item": "sku-9", "probability": 0.21}, ...]}`. What is no click is answered by
/// `{"error": ...}`.
///
/// Kafka gives all clicks of a key to one partition, and each partition to one process, in order:
/// so a process has whole sessions, and any number of processes share the work. Offsets are
/// committed once the forecasts are written (at least once). Sessions live in memory, the most
/// recent ones of each partition; where a process ends or a partition moves, a session goes on as a
/// new one.
public final class KafkaForecasts implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final int NEXT = 5;
  private static final int MOST_SESSIONS = 100_000;

  private final Forecaster forecaster;
  private final KafkaConsumer<String, String> clicks;
  private final KafkaProducer<String, String> forecasts;
  private final String out;
  private final Map<Integer, Map<String, Session>> sessions = new HashMap<>();
  private volatile boolean stopped;

  /// Connects to a broker.
  ///
  /// @param bootstrap the broker's address, as in `localhost:9092`
  /// @param group processes of one group share the work
  /// @param in the topic of clicks
  /// @param out the topic of forecasts
  public KafkaForecasts(
      Forecaster forecaster, String bootstrap, String group, String in, String out) {
    this.forecaster = forecaster;
    this.out = out;
    Properties reading = new Properties();
    reading.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    reading.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    reading.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    clicks = new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer());
    Properties writing = new Properties();
    writing.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    writing.put(ProducerConfig.LINGER_MS_CONFIG, "5");
    forecasts = new KafkaProducer<>(writing, new StringSerializer(), new StringSerializer());
    clicks.subscribe(
        List.of(in),
        new ConsumerRebalanceListener() {
          @Override
          public void onPartitionsRevoked(Collection<TopicPartition> gone) {
            gone.forEach(partition -> sessions.remove(partition.partition()));
          }

          @Override
          public void onPartitionsAssigned(Collection<TopicPartition> taken) {}
        });
  }

  /// Runs it until the process is ended.
  ///
  /// @param args model file, broker, topic of clicks, topic of forecasts
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    if (args.length != 4) {
      System.err.println("usage: KafkaForecasts MODEL BROKER:PORT CLICKS FORECASTS");
      System.exit(2);
    }
    Forecaster forecaster = Forecaster.load(Path.of(args[0]));
    try (KafkaForecasts work =
        new KafkaForecasts(forecaster, args[1], "kaseb-forecasts", args[2], args[3])) {
      Thread main = Thread.currentThread();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    work.stop();
                    try {
                      main.join(5_000);
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
      work.run();
    }
  }

  /// Reads and writes until it is stopped.
  ///
  /// @throws ExecutionException where a forecast cannot be written
  public void run() throws ExecutionException, InterruptedException {
    try {
      while (!stopped) {
        ConsumerRecords<String, String> polled = clicks.poll(WAIT);
        List<Future<RecordMetadata>> written = new ArrayList<>();
        for (ConsumerRecord<String, String> click : polled) {
          written.add(forecasts.send(new ProducerRecord<>(out, click.key(), answer(click))));
        }
        forecasts.flush();
        for (Future<RecordMetadata> one : written) {
          // A forecast that was not written ends the work: its click is read again.
          one.get();
        }
        if (!written.isEmpty()) {
          clicks.commitSync();
        }
      }
    } catch (WakeupException e) {
      if (!stopped) {
        throw e;
      }
    }
  }

  /// Ends [#run()], from any thread.
  public void stop() {
    stopped = true;
    clicks.wakeup();
  }

  private String answer(ConsumerRecord<String, String> click) {
    ObjectNode answer = JSON.createObjectNode();
    String item = null;
    long time = click.timestamp();
    try {
      JsonNode value = JSON.readTree(click.value() == null ? "" : click.value());
      item = value.path("item").isString() ? value.path("item").asString() : null;
      time = value.path("time").asLong(time);
    } catch (JacksonException e) {
      // It is answered as what it is: no click.
    }
    if (item == null || click.key() == null) {
      return answer
          .put("error", "no click; the key must be a session, the value {\"item\": \"...\"}")
          .toString();
    }
    Session session =
        sessions
            .computeIfAbsent(click.partition(), partition -> recent())
            .computeIfAbsent(click.key(), key -> forecaster.newSession());
    session.click(item, null, time);
    SessionForecast forecast = session.forecast(NEXT);
    answer.put("clicks", forecast.clicks());
    if (forecast.buyProbability() != null) {
      answer.put("buys", forecast.buyProbability());
    }
    ArrayNode next = answer.putArray("next");
    for (SessionForecast.Next one : forecast.items()) {
      ObjectNode entry = next.addObject().put("item", one.item());
      if (one.probability() != null) {
        entry.put("probability", one.probability());
      }
    }
    return answer.toString();
  }

  /// Returns a map that forgets the session whose last click is the longest ago.
  private static Map<String, Session> recent() {
    return new LinkedHashMap<>(16, .75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
        return size() > MOST_SESSIONS;
      }
    };
  }

  @Override
  public void close() {
    clicks.close();
    forecasts.close();
  }
}

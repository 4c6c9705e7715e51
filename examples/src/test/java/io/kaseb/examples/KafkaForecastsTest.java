package io.kaseb.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaseb.forecast.Forecaster;
import io.kaseb.forecast.Session;
import io.kaseb.forecast.SessionForecast;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Clicks through a real broker, forecasts back.
class KafkaForecastsTest {
  private static final long TIME = 1_396_867_869_277L;

  @TempDir private Path folder;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void everyClickIsAnsweredWithItsSessionsForecast() throws Exception {
    Path brokers = Files.createDirectory(folder.resolve("broker"));
    try (Broker broker = Broker.start(brokers)) {
      Forecaster forecaster = Forecaster.load(Models.train(folder.resolve("shop")));
      makeTopics(broker);
      List<String> ids = forecaster.catalogue().ids();
      send(
          broker,
          List.of(
              List.of("s1", click(ids.get(0), 0)),
              List.of("s2", click(ids.get(5), 1)),
              List.of("s1", click(ids.get(1), 30)),
              List.of("s2", "no JSON"),
              List.of("s1", click(ids.get(2), 60)),
              List.of("s2", "{\"item\": 7}")));
      List<ConsumerRecord<String, String>> answers;
      try (KafkaForecasts work =
          new KafkaForecasts(forecaster, broker.address(), "group", "clicks", "forecasts")) {
        Thread thread = start(work);
        answers = receive(broker, 6);
        work.stop();
        thread.join(Duration.ofMinutes(1));
        assertThat(thread.isAlive()).isFalse();
      }
      Map<String, List<JsonNode>> bySession = new HashMap<>();
      JsonMapper json = JsonMapper.builder().build();
      for (ConsumerRecord<String, String> answer : answers) {
        bySession
            .computeIfAbsent(answer.key(), key -> new ArrayList<>())
            .add(json.readTree(answer.value()));
      }
      assertThat(bySession.get("s2")).hasSize(3);
      assertThat(bySession.get("s2").get(1).path("error").asString()).startsWith("no click");
      assertThat(bySession.get("s2").get(2).has("error")).isTrue();
      Session session = forecaster.newSession();
      for (int i = 0; i < 3; i++) {
        session.click(ids.get(i), null, TIME + 30_000L * i);
        SessionForecast expected = session.forecast(5);
        JsonNode answer = bySession.get("s1").get(i);
        assertThat(answer.path("clicks").asInt()).isEqualTo(i + 1);
        assertThat(answer.path("buys").asDouble()).isEqualTo(expected.buyProbability());
        for (int k = 0; k < 5; k++) {
          assertThat(answer.path("next").path(k).path("item").asString())
              .isEqualTo(expected.items().get(k).item());
        }
      }
      // What was answered is not answered again.
      send(broker, List.of(List.of("s3", click(ids.get(3), 90))));
      try (KafkaForecasts work =
          new KafkaForecasts(forecaster, broker.address(), "group", "clicks", "forecasts")) {
        Thread thread = start(work);
        assertThat(receive(broker, 7).getLast().key()).isEqualTo("s3");
        work.stop();
        thread.join(Duration.ofMinutes(1));
      }
    }
  }

  private static Thread start(KafkaForecasts work) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                work.run();
              } catch (ExecutionException | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  private static String click(String item, int second) {
    return "{\"item\": \"%s\", \"time\": %d}".formatted(item, TIME + 1_000L * second);
  }

  /// Waits until the broker answers.
  private static void makeTopics(Broker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
      for (int attempt = 0; ; attempt++) {
        assertThat(broker.isAlive()).isTrue();
        try {
          admin
              .createTopics(
                  List.of(
                      new NewTopic("clicks", 2, (short) 1),
                      new NewTopic("forecasts", 1, (short) 1)))
              .all()
              .get(30, TimeUnit.SECONDS);
          return;
        } catch (ExecutionException | TimeoutException e) {
          if (attempt == 5) {
            throw e;
          }
        }
      }
    }
  }

  private static void send(Broker broker, List<List<String>> records) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.address()),
            new StringSerializer(),
            new StringSerializer())) {
      for (List<String> record : records) {
        producer
            .send(new ProducerRecord<>("clicks", record.get(0), record.get(1)))
            .get(1, TimeUnit.MINUTES);
      }
    }
  }

  /// Reads the first `n` forecasts.
  private static List<ConsumerRecord<String, String>> receive(Broker broker, int n) {
    List<ConsumerRecord<String, String>> received = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.address(),
                "group.id",
                "test-" + n,
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of("forecasts"));
      while (received.size() < n) {
        consumer.poll(Duration.ofMillis(200)).forEach(received::add);
      }
    }
    assertThat(received).hasSize(n);
    return received;
  }
}

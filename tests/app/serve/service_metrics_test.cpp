#include "app/serve/service_metrics.h"

#include <gtest/gtest.h>

namespace digitorch {
namespace {

bool holds(const std::string& text, const std::string& line) {
  return text.find(line + "\n") != std::string::npos;
}

TEST(Histogram, CountsWhatIsAtOrBelowEachBound) {
  Histogram histogram({1, 2, 4});
  for (const double value : {0.5, 1.0, 3.0, 9.0}) histogram.add(value);
  const std::string text = histogram.text("x", "Some help.");
  EXPECT_TRUE(holds(text, "# TYPE x histogram"));
  EXPECT_TRUE(holds(text, "x_bucket{le=\"1\"} 2"));
  EXPECT_TRUE(holds(text, "x_bucket{le=\"2\"} 2"));
  EXPECT_TRUE(holds(text, "x_bucket{le=\"4\"} 3"));
  EXPECT_TRUE(holds(text, "x_bucket{le=\"+Inf\"} 4"));
  EXPECT_TRUE(holds(text, "x_sum 13.5"));
  EXPECT_TRUE(holds(text, "x_count 4"));
}

TEST(ServiceMetrics, CountsRequestsByPathAndStatus) {
  ServiceMetrics metrics;
  metrics.request("/classify", 200, 0.002);
  metrics.request("/classify", 200, 0.002);
  metrics.request("/classify", 400, 0.001);
  metrics.answer("blank");
  metrics.batch(3);
  const std::string text = metrics.text({.connections = 5, .queue = 2});
  const std::string requests = "digitorch_requests_total{path=\"/classify\",";
  EXPECT_TRUE(holds(text, requests + "code=\"200\"} 2"));
  EXPECT_TRUE(holds(text, requests + "code=\"400\"} 1"));
  EXPECT_TRUE(holds(text, "digitorch_answers_total{answer=\"blank\"} 1"));
  EXPECT_TRUE(holds(text, "digitorch_batch_images_bucket{le=\"4\"} 1"));
  EXPECT_TRUE(holds(text, "digitorch_request_seconds_count 3"));
  EXPECT_TRUE(holds(text, "digitorch_connections 5"));
  EXPECT_TRUE(holds(text, "digitorch_queue 2"));
}

}  // namespace
}  // namespace digitorch

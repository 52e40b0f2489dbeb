#include "models/kernels/conv_pool_loops.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace digitorch {
namespace {

std::vector<float> random_floats(int64_t count, std::mt19937& random) {
  std::normal_distribution<float> normal;
  std::vector<float> values(static_cast<size_t>(count));
  for (float& value : values) value = normal(random);
  return values;
}

/// weights: [rows, outputs]. In the order in which these loops want them.
std::vector<float> in_blocks(
    const ConvPoolLoops& loops,
    const std::vector<float>& weights,
    int64_t outputs
) {
  std::vector<float> all;
  const auto add = [&](int64_t first, int64_t count) {
    for (auto row = weights.begin(); row != weights.end(); row += outputs)
      all.insert(all.end(), row + first, row + first + count);
  };
  each_conv_pool_block(outputs, loops.largest_block, add);
  return all;
}

struct Results {
  std::vector<float> output;
  std::vector<uint8_t> winners;
  std::vector<float> filters;
  std::vector<float> bias;
  std::vector<float> input;

  bool operator==(const Results&) const = default;
};

/// Both directions of one picture, with weights and gradients of the seed.
Results run(
    const ConvPoolLoops& loops, const ConvPoolShape& shape, unsigned seed
) {
  std::mt19937 random(seed);
  const auto input = random_floats(shape.input_room(), random);
  const int64_t products = shape.winograd() ? 16 : shape.kernel * shape.kernel;
  const auto weights = in_blocks(
      loops,
      random_floats(products * shape.inputs * shape.outputs, random),
      shape.outputs
  );
  const auto bias = random_floats(shape.outputs, random);
  const auto gradient = random_floats(shape.output_size(), random);
  const auto filters =
      random_floats(shape.outputs * shape.filter_room(), random);
  std::vector<float> room(static_cast<size_t>(shape.forward_room()));
  const auto listed =
      static_cast<size_t>(kListedChannels * shape.listed_room());
  std::vector<int32_t> places(listed);
  std::vector<float> gradients(listed);
  Results results{
      .output = std::vector<float>(gradient.size()),
      .winners = std::vector<uint8_t>(gradient.size()),
      .filters = std::vector<float>(filters.size()),
      .bias = std::vector<float>(bias.size()),
      .input = std::vector<float>(input.size())};
  loops.forward(
      shape,
      input.data(),
      weights.data(),
      bias.data(),
      results.output.data(),
      results.winners.data(),
      room.data()
  );
  loops.backward(
      shape,
      input.data(),
      filters.data(),
      gradient.data(),
      results.winners.data(),
      {places.data(), gradients.data()},
      results.filters.data(),
      results.bias.data(),
      results.input.data()
  );
  return results;
}

// Wider registers hold more channels, each of which is computed alike.
TEST(ConvPoolLoopsTest, Avx512GivesTheBitsOfAvx2) {
#ifdef __x86_64__
  if (!__builtin_cpu_supports("avx512bw") ||
      !__builtin_cpu_supports("avx512dq") ||
      !__builtin_cpu_supports("avx512vl"))
    GTEST_SKIP() << "this processor has no AVX-512";
  unsigned seed = 1;
  for (const int64_t inputs : {1, 3, 8, 24})
    for (const int64_t outputs : {8, 16, 24, 32, 40, 64})
      for (const int64_t kernel : {1, 2, 3, 5}) {
        const ConvPoolShape shape{
            .inputs = inputs,
            .outputs = outputs,
            .kernel = kernel,
            .padded_height = 17,
            .padded_width = 14};
        SCOPED_TRACE(
            std::to_string(inputs) + " to " + std::to_string(outputs) +
            ", kernel " + std::to_string(kernel)
        );
        ++seed;
        EXPECT_TRUE(
            run(kConvPoolLoopsAvx512, shape, seed) ==
            run(kConvPoolLoopsAvx2, shape, seed)
        );
      }
#else
  GTEST_SKIP() << "for x86-64 only";
#endif
}

}  // namespace
}  // namespace digitorch

#include "models/kernels/conv_pool.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "models/kernels/conv_pool_cpu.h"

namespace digitorch {
namespace {

struct Layer {
  int64_t inputs;
  int64_t outputs;
  int64_t kernel;
  int64_t padding;
  int64_t height = 12;
  int64_t width = 12;
  int64_t pictures = 5;
};

void PrintTo(const Layer& layer, std::ostream* stream) {
  *stream << layer.inputs << " -> " << layer.outputs << " channels, kernel "
          << layer.kernel << ", padding " << layer.padding << ", "
          << layer.pictures << " of " << layer.height << "x" << layer.width;
}

torch::Tensor by_aten(
    const torch::Tensor& input,
    const torch::Tensor& weight,
    const torch::Tensor& bias,
    int64_t padding
) {
  return torch::relu(
      torch::max_pool2d(torch::conv2d(input, weight, bias, 1, padding), 2)
  );
}

struct Given {
  torch::Tensor input;
  torch::Tensor weight;
  torch::Tensor bias;

  std::vector<torch::Tensor> all() const { return {input, weight, bias}; }
};

Given random_given(const Layer& layer) {
  torch::manual_seed(1);
  const int64_t fan_in = layer.inputs * layer.kernel * layer.kernel;
  return {
      torch::randn({layer.pictures, layer.inputs, layer.height, layer.width})
          .requires_grad_(),
      (torch::randn({layer.outputs, layer.inputs, layer.kernel, layer.kernel}) /
       std::sqrt(fan_in))
          .requires_grad_(),
      torch::randn({layer.outputs}).requires_grad_()};
}

/// Sums of `terms` products in another order differ by a few of these.
double rounding(const Layer& layer) {
  const auto terms =
      static_cast<double>(layer.inputs * layer.kernel * layer.kernel);
  return 4 * std::numeric_limits<float>::epsilon() * std::sqrt(terms);
}

void expect_close(
    const torch::Tensor& found, const torch::Tensor& expected, double tolerance
) {
  ASSERT_EQ(found.sizes(), expected.sizes());
  const double scale = std::max(1.0, expected.abs().max().item<double>());
  EXPECT_LE((found - expected).abs().max().item<double>(), tolerance * scale);
}

class ConvPoolTest : public ::testing::TestWithParam<Layer> {};

TEST_P(ConvPoolTest, GivesAtensValuesAndGradients) {
  const Layer layer = GetParam();
  const Given given = random_given(layer);
  ASSERT_TRUE(conv_pool_serves(given.input, given.weight, layer.padding));
  const torch::Tensor found =
      conv_pool_relu(given.input, given.weight, given.bias, layer.padding);
  const torch::Tensor expected =
      by_aten(given.input, given.weight, given.bias, layer.padding);
  expect_close(found, expected, rounding(layer));

  const torch::Tensor slope = torch::randn_like(expected);
  const auto found_gradients =
      torch::autograd::grad({found}, given.all(), {slope});
  const auto expected_gradients =
      torch::autograd::grad({expected}, given.all(), {slope});
  // A weight's gradient sums over all places of all pictures.
  const double places = static_cast<double>(expected.numel()) / layer.outputs;
  const double tolerance = rounding(layer) * std::sqrt(places);
  for (size_t i = 0; i < found_gradients.size(); ++i)
    expect_close(found_gradients[i], expected_gradients[i], tolerance);
}

TEST_P(ConvPoolTest, GivesTheSameWithoutGradients) {
  const Layer layer = GetParam();
  const Given given = random_given(layer);
  const torch::Tensor with =
      conv_pool_relu(given.input, given.weight, given.bias, layer.padding);
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(torch::equal(
      with, conv_pool_relu(given.input, given.weight, given.bias, layer.padding)
  ));
}

INSTANTIATE_TEST_SUITE_P(
    Layers,
    ConvPoolTest,
    ::testing::Values(
        Layer{1, 24, 5, 0, 28, 28},
        Layer{24, 32, 3, 0},
        Layer{1, 16, 3, 1, 28, 28},
        Layer{16, 32, 3, 1, 14, 14},
        Layer{32, 64, 3, 1, 7, 7},    // the last row and column are not pooled
        Layer{64, 8, 3, 1},           // segments of 24 vectors
        Layer{36, 40, 3, 0},          // of 13 and a half
        Layer{3, 32, 3, 1, 32, 32},   // pictures in colour
        Layer{3, 8, 7, 3, 9, 11},     // neither square nor whole vectors
        Layer{2, 56, 1, 0, 2, 2},     // a single window
        Layer{5, 72, 2, 0, 6, 5},     // an even kernel
        Layer{1, 8, 3, 0, 28, 28, 1}  // one picture
    )
);

TEST(ConvPoolOpTest, TakesPicturesInAnyOrderOfMemory) {
  const Given given = random_given({3, 8, 3, 1});
  EXPECT_TRUE(torch::equal(
      conv_pool_relu(given.input, given.weight, given.bias, 1),
      conv_pool_relu(
          given.input.contiguous(torch::MemoryFormat::ChannelsLast),
          given.weight,
          given.bias,
          1
      )
  ));
}

TEST(ConvPoolOpTest, GivesNothingForNoPictures) {
  const Given given = random_given(
      {.inputs = 3, .outputs = 8, .kernel = 3, .padding = 0, .pictures = 0}
  );
  const torch::Tensor found =
      conv_pool_relu(given.input, given.weight, given.bias, 0);
  EXPECT_EQ(found.sizes(), (torch::IntArrayRef{0, 8, 5, 5}));
  const auto gradients =
      torch::autograd::grad({found.sum()}, {given.weight, given.bias});
  EXPECT_EQ(gradients[0].abs().sum().item<float>(), 0);
}

TEST(ConvPoolOpTest, TheFirstOfEqualPlacesTakesTheGradient) {
  const auto input = torch::ones({1, 1, 4, 4}).requires_grad_();
  const auto weight = torch::ones({8, 1, 1, 1});
  conv_pool_relu(input, weight, torch::zeros({8}), 0).sum().backward();
  const auto expected = torch::tensor(
      {{8.F, 0.F, 8.F, 0.F},
       {0.F, 0.F, 0.F, 0.F},
       {8.F, 0.F, 8.F, 0.F},
       {0.F, 0.F, 0.F, 0.F}}
  );
  EXPECT_TRUE(torch::equal(input.grad()[0][0], expected)) << input.grad();
}

TEST(ConvPoolOpTest, NoGradientGoesBackWhereReluGaveZero) {
  const auto input = torch::ones({1, 1, 4, 4}).requires_grad_();
  const auto weight = torch::full({8, 1, 1, 1}, -1.F).requires_grad_();
  const torch::Tensor found =
      conv_pool_relu(input, weight, torch::zeros({8}), 0);
  found.sum().backward();
  EXPECT_EQ(found.abs().sum().item<float>(), 0);
  EXPECT_EQ(input.grad().abs().sum().item<float>(), 0);
  EXPECT_EQ(weight.grad().abs().sum().item<float>(), 0);
}

TEST(ConvPoolOpTest, NotANumberStaysVisibleWhereverItStands) {
  for (int place = 0; place < 4; ++place) {
    auto input = torch::ones({1, 1, 2, 2});
    input.view(-1)[place] = std::numeric_limits<float>::quiet_NaN();
    const auto weight = torch::full({8, 1, 1, 1}, -1.F);
    EXPECT_TRUE(conv_pool_relu(input, weight, torch::zeros({8}), 0)
                    .isnan()
                    .all()
                    .item<bool>()
    ) << place;
  }
}

TEST(ConvPoolOpTest, ComputesTheSameTwice) {
  const Given given = random_given({24, 32, 3, 0, 12, 12, 33});
  const auto gradients = [&] {
    return torch::autograd::grad(
        {conv_pool_relu(given.input, given.weight, given.bias, 0).sum()},
        given.all()
    );
  };
  const auto first = gradients();
  const auto second = gradients();
  for (size_t i = 0; i < first.size(); ++i)
    EXPECT_TRUE(torch::equal(first[i], second[i]));
}

// ATen's parallel_for is a template that is silently serial where OpenMP is not
// switched on for the file that uses it.
TEST(ConvPoolOpTest, ComputesOnAllThreads) {
  const int threads = at::get_num_threads();
  at::set_num_threads(2);
  std::set<std::thread::id> seen;
  std::mutex mutex;
  at::parallel_for(0, 2, 1, [&](int64_t, int64_t) {
    const std::lock_guard lock(mutex);
    seen.insert(std::this_thread::get_id());
  });
  at::set_num_threads(threads);
  EXPECT_EQ(seen.size(), 2);
}

// The layers behind it may be in bfloat16: it stays in float32.
TEST(ConvPoolOpTest, ComputesTheSameUnderAutocast) {
  const Given given = random_given({24, 32, 3, 0});
  const auto outputs_and_gradients = [&] {
    const torch::Tensor output =
        conv_pool_relu(given.input, given.weight, given.bias, 0);
    auto all = torch::autograd::grad({output.square().sum()}, given.all());
    all.push_back(output);
    return all;
  };
  const auto expected = outputs_and_gradients();
  at::autocast::set_autocast_enabled(at::kCPU, true);
  EXPECT_TRUE(conv_pool_serves(given.input, given.weight, 0));
  const auto found = outputs_and_gradients();
  at::autocast::set_autocast_enabled(at::kCPU, false);
  at::autocast::clear_cache();
  for (size_t i = 0; i < found.size(); ++i)
    EXPECT_TRUE(torch::equal(found[i], expected[i]));
}

TEST(ConvPoolOpTest, DeclinesWhatItCannotCompute) {
  const auto input = torch::zeros({1, 3, 8, 8});
  const auto weight = torch::zeros({8, 3, 3, 3});
  EXPECT_TRUE(conv_pool_serves(input, weight, 0));
  EXPECT_FALSE(conv_pool_serves(input, torch::zeros({12, 3, 3, 3}), 0));
  EXPECT_FALSE(conv_pool_serves(input, torch::zeros({8, 3, 3, 5}), 0));
  EXPECT_FALSE(conv_pool_serves(input, torch::zeros({8, 3, 8, 8}), 0));
  EXPECT_FALSE(conv_pool_serves(input.to(torch::kFloat64), weight, 0));
  EXPECT_THROW(
      conv_pool_relu(input, torch::zeros({12, 3, 3, 3}), torch::zeros({12}), 0),
      c10::Error
  );
}

// The build runs these tests again with other ATEN_CPU_CAPABILITY.
TEST(ConvPoolOpTest, UsesTheInstructionsThatAtenUses) {
  const std::string aten = at::get_cpu_capability();
  EXPECT_EQ(
      conv_pool_instructions(),
      aten == "AVX512" ? "AVX-512" : (aten == "AVX2" ? "AVX2" : "portable")
  );
}

}  // namespace
}  // namespace digitorch

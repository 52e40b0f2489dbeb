// The kernels for GPUs on a GPU, compared with ATen on the CPU. Every test is
// skipped where there is none.
#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/cuda.h>

#include <cmath>
#include <limits>

#include "app/system/device.h"
#include "app/training/optimizers/optimizer.h"
#include "datasets/augment.h"
#include "models/kernels/conv_pool.h"
#include "models/kernels/dense.h"
#include "models/kernels/step.h"
#include "models/kernels/update.h"
#include "models/options/choices.h"

namespace digitorch {
namespace {

using Tensors = std::vector<torch::Tensor>;

void skip_without_gpu() {
  if (!libtorch_has_cuda()) GTEST_SKIP() << "this LibTorch has no CUDA";
  if (torch::cuda::device_count() == 0)
    GTEST_SKIP() << "this machine has no GPU";
}

torch::Device gpu() { return torch::Device(torch::kCUDA, 0); }

Tensors on_gpu(const Tensors& tensors) {
  Tensors moved;
  for (const torch::Tensor& each : tensors)
    moved.push_back(each.detach().to(gpu()).requires_grad_(each.requires_grad())
    );
  return moved;
}

/// Within a few roundings of sums of such numbers; fails for not-a-number, too.
void expect_close(
    const torch::Tensor& on_gpu, const torch::Tensor& expected, const char* what
) {
  ASSERT_EQ(on_gpu.sizes(), expected.sizes()) << what;
  const torch::Tensor here = on_gpu.detach().cpu();
  const double scale = expected.abs().max().item<double>() + 1e-6;
  const double apart = (here - expected.detach()).abs().max().item<double>();
  EXPECT_LT(apart, 3e-5 * scale) << what;
}

/// `ours` on the GPU gives what `theirs` gives on the CPU, with its gradients,
/// and the same bits when asked again.
template <class Ours, class Theirs>
void expect_same_layer(
    const Tensors& given, const Ours& ours, const Theirs& theirs
) {
  const torch::Tensor expected = theirs(given);
  const torch::Tensor gradient = torch::randn(expected.sizes());
  const Tensors expected_gradients =
      torch::autograd::grad({expected}, given, {gradient});
  const Tensors there = on_gpu(given);
  const torch::Tensor slope = gradient.to(gpu());
  const torch::Tensor output = ours(there);
  const Tensors gradients = torch::autograd::grad({output}, there, {slope});
  expect_close(output, expected, "output");
  for (size_t i = 0; i < given.size(); ++i)
    expect_close(gradients[i], expected_gradients[i], "gradient");
  const torch::Tensor again = ours(there);
  EXPECT_TRUE(again.equal(output));
  const Tensors gradients_again =
      torch::autograd::grad({again}, there, {slope});
  for (size_t i = 0; i < given.size(); ++i)
    EXPECT_TRUE(gradients_again[i].equal(gradients[i])) << i;
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(ours(there).equal(output));
}

struct Layer {
  int64_t pictures;
  int64_t inputs;
  int64_t outputs;
  int64_t kernel;
  int64_t padding;
  int64_t height;
  int64_t width;
  int64_t pool = 2;
};

void PrintTo(const Layer& layer, std::ostream* stream) {
  *stream << layer.inputs << " -> " << layer.outputs << " channels, kernel "
          << layer.kernel << ", padding " << layer.padding << ", "
          << layer.pictures << " of " << layer.height << "x" << layer.width
          << ", pool " << layer.pool;
}

class GpuConvPoolTest : public ::testing::TestWithParam<Layer> {
 protected:
  void SetUp() override { skip_without_gpu(); }
};

TEST_P(GpuConvPoolTest, GivesWhatAtenGives) {
  const Layer& layer = GetParam();
  torch::manual_seed(1);
  const Tensors given{
      torch::randn({layer.pictures, layer.inputs, layer.height, layer.width})
          .requires_grad_(),
      (torch::randn({layer.outputs, layer.inputs, layer.kernel, layer.kernel}) /
       std::sqrt(layer.inputs * layer.kernel * layer.kernel))
          .requires_grad_(),
      torch::randn({layer.outputs}).requires_grad_()};
  ASSERT_TRUE(conv_pool_serves(
      given[0].detach().to(gpu()),
      given[1].detach().to(gpu()),
      layer.padding,
      layer.pool
  ));
  expect_same_layer(
      given,
      [&](const Tensors& x) {
        return conv_pool_relu(x[0], x[1], x[2], layer.padding, layer.pool);
      },
      [&](const Tensors& x) {
        return torch::relu(torch::max_pool2d(
            torch::conv2d(x[0], x[1], x[2], 1, layer.padding), layer.pool
        ));
      }
  );
}

INSTANTIATE_TEST_SUITE_P(
    Shapes,
    GpuConvPoolTest,
    ::testing::Values(
        // Of the presets: fast, quick, the defaults, stock.
        Layer{256, 1, 24, 5, 0, 28, 28},
        Layer{256, 24, 32, 3, 0, 12, 12},
        Layer{96, 1, 24, 5, 0, 28, 28},
        Layer{96, 24, 32, 3, 0, 12, 12},
        Layer{192, 1, 8, 5, 0, 24, 24},
        Layer{192, 8, 32, 3, 0, 10, 10},
        Layer{128, 1, 16, 3, 1, 28, 28},
        Layer{128, 16, 32, 3, 1, 14, 14},
        Layer{128, 32, 64, 3, 1, 7, 7},
        Layer{64, 1, 32, 3, 0, 28, 28, 1},
        Layer{64, 32, 64, 3, 0, 26, 26},
        Layer{1000, 24, 32, 3, 0, 12, 12},
        // Odd ones.
        Layer{1, 1, 1, 3, 0, 4, 4},
        Layer{7, 3, 5, 5, 2, 9, 11},
        Layer{5, 2, 3, 3, 2, 7, 4},
        Layer{19, 5, 40, 3, 1, 6, 6},
        Layer{2, 40, 7, 5, 4, 5, 5},
        Layer{2, 7, 9, 3, 0, 5, 32},
        Layer{1, 16, 4, 5, 1, 30, 28},
        Layer{9, 70, 36, 3, 1, 3, 3},
        Layer{2, 1, 512, 3, 0, 4, 6},
        Layer{4, 3, 5, 5, 1, 9, 11, 1},
        Layer{1, 20, 6, 3, 1, 28, 28, 1}
    )
);

class GpuKernelsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    skip_without_gpu();
    torch::manual_seed(2);
  }
};

TEST_F(GpuKernelsTest, DenseGivesWhatAtenGives) {
  const std::vector<std::vector<int64_t>> shapes = {
      {256, 800, 256},
      {256, 256, 10},
      {96, 800, 256},
      {96, 256, 10},
      {192, 512, 128},
      {192, 128, 10},
      {128, 576, 128},
      {128, 128, 10},
      {64, 9216, 128},
      {128, 784, 128},
      {1, 1, 1},
      {3, 7, 5},
      {33, 65, 34},
      {70, 130, 10},
      {2, 4, 200},
      {1000, 800, 256}};
  for (const auto& shape : shapes)
    for (const bool relu : {false, true}) {
      SCOPED_TRACE(testing::PrintToString(shape));
      const Tensors given{
          torch::randn({shape[0], shape[1]}).requires_grad_(),
          (torch::randn({shape[2], shape[1]}) / std::sqrt(shape[1]))
              .requires_grad_(),
          torch::randn({shape[2]}).requires_grad_()};
      const auto by_aten = [&](const Tensors& x) {
        const torch::Tensor y = torch::linear(x[0], x[1], x[2]);
        return relu ? torch::relu(y) : y;
      };
      const auto by_us = [&](const Tensors& x) {
        return dense(x[0], x[1], x[2], relu);
      };
      expect_same_layer(given, by_us, by_aten);
    }
}

TEST_F(GpuKernelsTest, LossAndTallyGiveWhatAtenGives) {
  for (const int64_t count : {1, 96, 256, 1000})
    for (const double smoothing : {0.0, 0.05}) {
      SCOPED_TRACE(count);
      const auto logits = (torch::randn({count, 10}) * 20).requires_grad_();
      const auto labels = torch::randint(0, 10, {count}, torch::kInt64);
      const auto expected = at::cross_entropy_loss(
          logits, labels, {}, at::Reduction::Mean, -100, smoothing
      );
      const auto there = logits.detach().to(gpu());
      const auto labels_there = labels.to(gpu());
      const auto known = cross_entropy_gradient(there, labels_there, smoothing);
      ASSERT_TRUE(known.has_value());
      expect_close(known->loss, expected, "loss");
      expect_close(
          known->gradient,
          torch::autograd::grad({expected}, {logits})[0],
          "gradient"
      );
      const auto f64 = torch::dtype(torch::kFloat64).device(gpu());
      const auto loss_sum = torch::full({}, 2.5, f64);
      const auto correct = torch::full({}, 3, f64.dtype(torch::kInt64));
      tally(known->loss, there, labels_there, loss_sum, correct);
      EXPECT_DOUBLE_EQ(
          loss_sum.item<double>(),
          2.5 + static_cast<double>(known->loss.item<float>()) * count
      );
      EXPECT_EQ(
          correct.item<int64_t>(),
          3 + logits.argmax(1).eq(labels).sum().item<int64_t>()
      );
    }
}

TEST_F(GpuKernelsTest, ProbeTellsTheSumsAndTheLargestWeight) {
  const auto loss_sum = torch::full({}, 12.345678901234, torch::kFloat64);
  const auto correct = torch::full({}, 59'999, torch::kInt64);
  std::vector<torch::Tensor> weights = {
      torch::randn({3}), torch::randn({1200, 1001}), torch::randn({1025})};
  const auto on_gpu = [&] {
    std::vector<torch::Tensor> there;
    for (const auto& each : weights) there.push_back(each.to(gpu()));
    return probed(loss_sum.to(gpu()), correct.to(gpu()), there).cpu();
  };
  EXPECT_TRUE(on_gpu().equal(probed(loss_sum, correct, weights)));
  weights[1][1199][1000] = -77.5F;
  EXPECT_EQ(on_gpu()[2].item<double>(), 77.5);
  weights[0][0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(on_gpu()[2].item<double>()));
}

TEST_F(GpuKernelsTest, BatchesAreWhatTheirIndicesName) {
  const auto images = torch::randint(0, 256, {50, 1, 28, 28}, torch::kUInt8);
  const auto labels = torch::randint(0, 10, {50}, torch::kInt64);
  const auto order = torch::randint(0, 50, {3, 96}, torch::kInt64);
  const auto rates = torch::rand({3, 2});
  const auto order_there = order.to(gpu());
  const auto rates_there = rates.to(gpu());
  const auto position = torch::ones(1, order_there.options());
  for (int64_t step = 1; step < 3; ++step) {
    const StepOfPlan next = next_of_plan(order_there, rates_there, position);
    EXPECT_TRUE(next.indices.cpu().equal(order[step]));
    EXPECT_TRUE(next.rates.cpu().equal(rates[step]));
    EXPECT_EQ(position.item<int64_t>(), step + 1);
    const PictureBatch batch =
        fetched(images.to(gpu()), labels.to(gpu()), next.indices);
    EXPECT_TRUE(batch.labels.cpu().equal(labels.index_select(0, order[step])));
    const auto expected =
        images.index_select(0, order[step]).to(torch::kFloat32).div(255);
    EXPECT_TRUE(batch.images.cpu().equal(expected));
    expect_close(
        normalised(batch.images, 0.1307, 0.3081),
        (expected - 0.1307) / 0.3081,
        "normalised"
    );
  }
}

TEST_F(GpuKernelsTest, DistortsAsOnTheCpu) {
  const auto images = torch::rand({200, 1, 28, 28});
  const auto drawn_alike = [] { return at::detail::createCPUGenerator(7); };
  const auto expected = augment(images, AugmentOptions{}, drawn_alike());
  const auto there = images.to(gpu());
  const auto result = augment(there, AugmentOptions{}, drawn_alike());
  EXPECT_LT((result.cpu() - expected).abs().max().item<double>(), 1e-4);
  EXPECT_TRUE(augment(there, AugmentOptions{}, drawn_alike()).equal(result));
}

TEST_F(GpuKernelsTest, OptimisersMoveAsAtensDo) {
  for (const std::string& kind : names_of(optimizers()))
    for (const double momentum : {0.0, 0.7}) {
      SCOPED_TRACE(kind);
      NamedTensors here;
      NamedTensors there;
      for (const int64_t size : {1, 10, 1023, 1025, 204800}) {
        const auto weights = torch::randn({size});
        here.emplace_back(std::to_string(size), weights);
        there.emplace_back(std::to_string(size), weights.to(gpu()));
      }
      const OptimizerOptions options{
          .kind = kind,
          .momentum = momentum,
          .beta2 = 0.9,
          .weight_decay = 0.02};
      const auto on_cpu = make_optimizer(options, here);
      const auto on_card = make_optimizer(options, there);
      for (int step = 0; step < 4; ++step) {
        Tensors gradients;
        for (const auto& [name, tensor] : here)
          gradients.push_back(torch::randn(tensor.sizes()));
        on_cpu->step(gradients, 0.01);
        if (step % 2 == 0)
          on_card->step(on_gpu(gradients), 0.01);
        else
          on_card->step(on_gpu(gradients), torch::full({}, 0.01F, gpu()));
      }
      for (size_t i = 0; i < here.size(); ++i)
        expect_close(there[i].second, here[i].second, "weights");
      for (size_t i = 0; i < on_cpu->state().size(); ++i)
        expect_close(
            on_card->state()[i].second,
            on_cpu->state()[i].second,
            on_cpu->state()[i].first.c_str()
        );
    }
}

}  // namespace
}  // namespace digitorch

// The kernels for GPUs, run on a CPU and compared with ATen.
#include "tests/support/cuda_on_cpu.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <limits>
#include <utility>
#include <vector>

#include "models/kernels/cuda/conv_pool_plan.h"
#include "models/kernels/cuda/dense.cuh"
#include "models/kernels/cuda/step.cuh"
#include "models/kernels/step.h"

namespace digitorch {
namespace {

using testing::StartOnCpu;

constexpr float kUnset = std::numeric_limits<float>::quiet_NaN();

torch::Tensor unset(at::IntArrayRef sizes) {
  return torch::full(sizes, kUnset);
}

/// Within a few roundings of sums of such numbers.
void expect_close(
    const torch::Tensor& ours, const torch::Tensor& theirs, const char* what
) {
  ASSERT_EQ(ours.sizes(), theirs.sizes()) << what;
  const double scale = theirs.abs().max().item<double>() + 1e-6;
  const double apart = (ours - theirs).abs().max().item<double>();
  EXPECT_LT(apart, 2e-5 * scale) << what;  // fails for not-a-number, too
}

struct CudaLayer {
  int inputs;
  int outputs;
  int kernel;
  int padding;
  int height = 12;
  int width = 12;
  int pictures = 3;
  int pool = 2;

  cuda::ConvPoolSizes sizes() const {
    return {pictures, inputs, outputs, kernel, height, width, padding, pool};
  }
};

void PrintTo(const CudaLayer& layer, std::ostream* stream) {
  *stream << layer.inputs << " -> " << layer.outputs << " channels, kernel "
          << layer.kernel << ", padding " << layer.padding << ", "
          << layer.pictures << " of " << layer.height << "x" << layer.width
          << ", pool " << layer.pool;
}

class CudaConvPoolTest : public ::testing::TestWithParam<CudaLayer> {};

TEST_P(CudaConvPoolTest, GivesWhatAtenGives) {
  const CudaLayer& layer = GetParam();
  const cuda::ConvPoolSizes sizes = layer.sizes();
  ASSERT_TRUE(cuda::conv_pool_fits(sizes));
  torch::manual_seed(1);
  const auto input =
      torch::randn({layer.pictures, layer.inputs, layer.height, layer.width})
          .requires_grad_();
  const auto weight =
      (torch::randn({layer.outputs, layer.inputs, layer.kernel, layer.kernel}) /
       std::sqrt(layer.inputs * layer.kernel * layer.kernel))
          .requires_grad_();
  const auto bias = torch::randn({layer.outputs}).requires_grad_();
  const auto expected = torch::relu(torch::max_pool2d(
      torch::conv2d(input, weight, bias, 1, layer.padding), layer.pool
  ));

  const auto output = unset(expected.sizes());
  const auto winners = torch::full(expected.sizes(), 99, torch::kUInt8);
  cuda::conv_pool_forward(
      StartOnCpu{},
      sizes,
      input.const_data_ptr<float>(),
      weight.const_data_ptr<float>(),
      bias.const_data_ptr<float>(),
      output.mutable_data_ptr<float>(),
      winners.mutable_data_ptr<uint8_t>()
  );
  expect_close(output, expected.detach(), "output");

  const auto gradient = torch::randn(expected.sizes());
  const auto expected_gradients =
      torch::autograd::grad({expected}, {input, weight, bias}, {gradient});
  const auto of_input = unset(input.sizes());
  cuda::conv_pool_input_gradient(
      StartOnCpu{},
      sizes,
      gradient.const_data_ptr<float>(),
      winners.const_data_ptr<uint8_t>(),
      weight.const_data_ptr<float>(),
      of_input.mutable_data_ptr<float>()
  );
  expect_close(of_input, expected_gradients[0], "gradient of the input");

  const auto room = unset({cuda::filter_room(sizes)});
  const auto of_weight = unset(weight.sizes());
  const auto of_bias = unset(bias.sizes());
  cuda::conv_pool_filter_gradient(
      StartOnCpu{},
      sizes,
      input.const_data_ptr<float>(),
      gradient.const_data_ptr<float>(),
      winners.const_data_ptr<uint8_t>(),
      room.mutable_data_ptr<float>(),
      of_weight.mutable_data_ptr<float>(),
      of_bias.mutable_data_ptr<float>()
  );
  expect_close(of_weight, expected_gradients[1], "gradient of the weight");
  expect_close(of_bias, expected_gradients[2], "gradient of the bias");
}

INSTANTIATE_TEST_SUITE_P(
    Shapes,
    CudaConvPoolTest,
    ::testing::Values(
        // Of the presets: fast, quick, the defaults, stock.
        CudaLayer{1, 24, 5, 0, 28, 28},
        CudaLayer{24, 32, 3, 0, 12, 12},
        CudaLayer{1, 8, 5, 0, 24, 24},
        CudaLayer{8, 32, 3, 0, 10, 10},
        CudaLayer{1, 16, 3, 1, 28, 28},
        CudaLayer{16, 32, 3, 1, 14, 14},
        CudaLayer{32, 64, 3, 1, 7, 7},
        CudaLayer{1, 32, 3, 0, 28, 28, 2, 1},
        CudaLayer{32, 64, 3, 0, 26, 26, 1},
        // Odd ones.
        CudaLayer{1, 1, 3, 0, 4, 4, 1},
        CudaLayer{3, 5, 5, 2, 9, 11, 7},
        CudaLayer{2, 3, 3, 2, 7, 4, 5},
        CudaLayer{5, 40, 3, 1, 6, 6, 19},
        CudaLayer{40, 7, 5, 4, 5, 5, 2},
        CudaLayer{7, 9, 3, 0, 5, 32, 2},
        CudaLayer{16, 4, 5, 1, 30, 28, 1},
        CudaLayer{70, 36, 3, 1, 3, 3, 9},
        CudaLayer{1, 512, 3, 0, 4, 6, 2},
        CudaLayer{3, 5, 5, 1, 9, 11, 4, 1},
        CudaLayer{20, 6, 3, 1, 28, 28, 1, 1},
        CudaLayer{2, 3, 3, 0, 4, 5, 3, 1},
        // Many channels in many blocks, forward and back.
        CudaLayer{2, 512, 3, 0, 32, 32, 4},
        CudaLayer{512, 2, 3, 0, 32, 32, 4}
    )
);

TEST(CudaConvPoolTest, EveryPlanKeepsWithinTheLimits) {
  struct Check {
    void
    operator()(const cuda::Launch& launch, const void*, const cuda::SumArguments&)
        const {
      EXPECT_GT(launch.blocks_x, 0);
    }
    void operator()(
        const cuda::Launch& launch,
        void (*)(cuda::CorrelationArguments),
        const cuda::CorrelationArguments& a
    ) const {
      within(launch);
      EXPECT_GE(a.channels, 1);
      EXPECT_GE(a.rows * a.slabs_a_picture, a.height);
      EXPECT_GE(launch.threads, a.groups * a.slabs * a.rows * a.width);
    }
    void within(const cuda::Launch& launch) const {
      EXPECT_LE(launch.threads, 1024);
      EXPECT_LE(launch.shared_bytes, cuda::kSharedBytes);
      EXPECT_LE(launch.blocks_y, 65535);
      EXPECT_LE(launch.blocks_z, 65535);
    }
  };
  for (const int inputs : {1, 3, 24, 96, 512})
    for (const int outputs : {1, 8, 40, 512})
      for (const int kernel : {3, 5})
        for (const int padding : {0, 1, 2})
          for (const int side : {2, 3, 7, 14, 28})
            for (const int count : {1, -1, 100, 4096}) {
              const int pool = count < 0 ? 1 : 2;
              const cuda::ConvPoolSizes sizes{
                  std::abs(count),
                  inputs,
                  outputs,
                  kernel,
                  side,
                  side,
                  padding,
                  pool};
              if (!cuda::conv_pool_fits(sizes)) continue;
              const Check check;
              cuda::conv_pool_forward(
                  check, sizes, nullptr, nullptr, nullptr, nullptr, nullptr
              );
              cuda::conv_pool_input_gradient(
                  check, sizes, nullptr, nullptr, nullptr, nullptr
              );
              const cuda::FilterPlan plan = cuda::filter_plan(sizes);
              check.within(plan.launch);
              EXPECT_GE(plan.arguments.in_block, 1);
              EXPECT_GE(plan.arguments.out_block, 1);
              EXPECT_GE(plan.launch.blocks_x * plan.arguments.pictures, count);
            }
}

TEST(CudaConvPoolTest, NotANumberIsPassedOn) {
  const cuda::ConvPoolSizes sizes{1, 1, 1, 3, 6, 6, 0};
  auto input = torch::randn({1, 1, 6, 6});
  input.view(-1)[14] = kUnset;
  const auto weight = torch::randn({1, 1, 3, 3});
  const auto bias = torch::zeros(1);
  const auto output = torch::zeros({1, 1, 2, 2});
  cuda::conv_pool_forward(
      StartOnCpu{},
      sizes,
      input.const_data_ptr<float>(),
      weight.const_data_ptr<float>(),
      bias.const_data_ptr<float>(),
      output.mutable_data_ptr<float>(),
      nullptr
  );
  EXPECT_TRUE(output.isnan().all().item<bool>());
}

struct Matrices {
  int count;
  int inputs;
  int outputs;
};

void PrintTo(const Matrices& m, std::ostream* stream) {
  *stream << m.count << " of " << m.inputs << " -> " << m.outputs;
}

class CudaDenseTest : public ::testing::TestWithParam<Matrices> {};

TEST_P(CudaDenseTest, GivesWhatAtenGives) {
  const Matrices& m = GetParam();
  const cuda::DenseSizes sizes{m.count, m.inputs, m.outputs};
  torch::manual_seed(2);
  for (const bool relu : {false, true}) {
    SCOPED_TRACE(relu);
    const auto input = torch::randn({m.count, m.inputs}).requires_grad_();
    const auto weight =
        (torch::randn({m.outputs, m.inputs}) / std::sqrt(m.inputs))
            .requires_grad_();
    const auto bias = torch::randn({m.outputs}).requires_grad_();
    auto expected = torch::linear(input, weight, bias);
    if (relu) expected = torch::relu(expected);
    const auto output = unset(expected.sizes());
    const auto room = unset({cuda::dense_forward_room(sizes)});
    cuda::dense_forward(
        StartOnCpu{},
        sizes,
        input.const_data_ptr<float>(),
        weight.const_data_ptr<float>(),
        bias.const_data_ptr<float>(),
        relu,
        room.mutable_data_ptr<float>(),
        output.mutable_data_ptr<float>()
    );
    expect_close(output, expected.detach(), "output");

    const auto gradient = torch::randn(expected.sizes());
    const auto expected_gradients =
        torch::autograd::grad({expected}, {input, weight, bias}, {gradient});
    const float* active = relu ? output.const_data_ptr<float>() : nullptr;
    const auto of_input = unset(input.sizes());
    cuda::dense_input_gradient(
        StartOnCpu{},
        sizes,
        gradient.const_data_ptr<float>(),
        active,
        weight.const_data_ptr<float>(),
        of_input.mutable_data_ptr<float>()
    );
    expect_close(of_input, expected_gradients[0], "gradient of the input");
    const auto of_weight = unset(weight.sizes());
    const auto of_bias = unset(bias.sizes());
    cuda::dense_filter_gradient(
        StartOnCpu{},
        sizes,
        input.const_data_ptr<float>(),
        gradient.const_data_ptr<float>(),
        active,
        of_weight.mutable_data_ptr<float>(),
        of_bias.mutable_data_ptr<float>()
    );
    expect_close(of_weight, expected_gradients[1], "gradient of the weight");
    expect_close(of_bias, expected_gradients[2], "gradient of the bias");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes,
    CudaDenseTest,
    ::testing::Values(
        Matrices{256, 800, 256},
        Matrices{256, 256, 10},
        Matrices{96, 512, 128},
        Matrices{128, 576, 128},
        Matrices{64, 784, 128},
        Matrices{64, 9216, 128},
        Matrices{7, 2115, 33},
        Matrices{1, 1, 1},
        Matrices{3, 7, 5},
        Matrices{33, 65, 34},
        Matrices{70, 130, 10},
        Matrices{2, 4, 200}
    )
);

TEST(CudaStepTest, FetchAndNormalise) {
  torch::manual_seed(3);
  const auto pictures = torch::randint(0, 256, {9, 28 * 28}, torch::kUInt8);
  const auto labels = torch::randint(0, 10, {9}, torch::kInt64);
  const auto indices = torch::tensor({3, 8, 0, 3}, torch::kInt64);
  const auto fetched = unset({4, 28 * 28});
  const auto fetched_labels = torch::full({4}, -1, torch::kInt64);
  cuda::start_fetch(
      StartOnCpu{},
      4,
      {pictures.const_data_ptr<uint8_t>(),
       labels.const_data_ptr<int64_t>(),
       indices.const_data_ptr<int64_t>(),
       fetched.mutable_data_ptr<float>(),
       fetched_labels.mutable_data_ptr<int64_t>(),
       28 * 28}
  );
  EXPECT_TRUE(fetched.equal(
      pictures.index_select(0, indices).to(torch::kFloat32).div(255)
  ));
  EXPECT_TRUE(fetched_labels.equal(labels.index_select(0, indices)));
  const auto normal = unset(fetched.sizes());
  cuda::start_normalise(
      StartOnCpu{},
      {fetched.const_data_ptr<float>(),
       normal.mutable_data_ptr<float>(),
       fetched.numel(),
       0.1307F,
       0.3081F}
  );
  expect_close(normal, (fetched - 0.1307) / 0.3081, "normalised");
}

TEST(CudaStepTest, DistortsAsAtensGridSampler) {
  torch::manual_seed(6);
  const auto images = torch::rand({9, 1, 28, 28});
  const auto drawn = torch::rand({5, 9});
  const double degrees = 12;
  const double shift = 0.08;
  const double scale = 0.12;
  const double shear = 0.15;
  const auto result = unset(images.sizes());
  cuda::start_distort(
      StartOnCpu{},
      {.from = images.const_data_ptr<float>(),
       .drawn = drawn.const_data_ptr<float>(),
       .to = result.mutable_data_ptr<float>(),
       .count = 9,
       .side = 28,
       .radians = static_cast<float>(degrees * 3.14159265358979 / 180),
       .shift = static_cast<float>(shift),
       .scale = static_cast<float>(scale),
       .shear = static_cast<float>(shear)}
  );
  // As datasets/augment.cpp.
  const auto either_way = drawn * 2 - 1;
  const auto angle = either_way[0] * (degrees * 3.14159265358979 / 180);
  const auto size = either_way[3] * scale + 1;
  const auto slant = either_way[4] * shear;
  const auto cos = angle.cos() / size;
  const auto sin = angle.sin() / size;
  const auto a = cos + slant * sin;
  const auto b = sin - slant * cos;
  const auto x = either_way[1] * shift * 2;
  const auto y = either_way[2] * shift * 2;
  const auto back =
      torch::stack({a, b, -(a * x + b * y), -sin, cos, sin * x - cos * y}, 1)
          .view({-1, 2, 3});
  const auto grid = torch::affine_grid_generator(back, images.sizes(), false);
  const auto expected = torch::grid_sampler(images, grid, 0, 0, false);
  EXPECT_LT((result - expected).abs().max().item<double>(), 1e-4);
}

TEST(CudaStepTest, PlanGoesOnStepByStep) {
  const auto order = torch::randperm(15, torch::kInt64);
  const auto rates = torch::rand({3, 2});
  const auto position = torch::ones(1, torch::kInt64);
  for (int64_t step = 1; step < 3; ++step) {
    const auto indices = torch::zeros(5, torch::kInt64);
    const auto of_step = unset({2});
    cuda::start_next_of_plan(
        StartOnCpu{},
        {order.const_data_ptr<int64_t>(),
         rates.const_data_ptr<float>(),
         position.mutable_data_ptr<int64_t>(),
         indices.mutable_data_ptr<int64_t>(),
         of_step.mutable_data_ptr<float>(),
         5}
    );
    EXPECT_TRUE(indices.equal(order.slice(0, 5 * step, 5 * step + 5)));
    EXPECT_TRUE(of_step.equal(rates[step]));
    EXPECT_EQ(position.item<int64_t>(), step + 1);
  }
}

TEST(CudaStepTest, LossGradientAndTally) {
  for (const int count : {1, 7, 256, 600})
    for (const int classes : {1, 2, 10, 36})
      for (const double smoothing : {0.0, 0.05}) {
        SCOPED_TRACE(count * 100 + classes);
        torch::manual_seed(4);
        const auto logits =
            (torch::randn({count, classes}) * 20).requires_grad_();
        const auto labels = torch::randint(0, classes, {count}, torch::kInt64);
        const auto expected = at::cross_entropy_loss(
            logits, labels, {}, at::Reduction::Mean, -100, smoothing
        );
        const auto gradient = unset(logits.sizes());
        const auto loss = unset({});
        cuda::start_cross_entropy(
            StartOnCpu{},
            {logits.const_data_ptr<float>(),
             labels.const_data_ptr<int64_t>(),
             gradient.mutable_data_ptr<float>(),
             loss.mutable_data_ptr<float>(),
             count,
             classes,
             static_cast<float>(smoothing)}
        );
        EXPECT_NEAR(loss.item<double>(), expected.item<double>(), 1e-5);
        const auto expected_gradient =
            torch::autograd::grad({expected}, {logits})[0];
        EXPECT_LT(
            (gradient - expected_gradient).abs().max().item<double>(),
            1e-6 / count
        );
        const auto loss_sum = torch::full({}, 2.5, torch::kFloat64);
        const auto correct = torch::full({}, 3, torch::kInt64);
        cuda::start_tally(
            StartOnCpu{},
            {loss.const_data_ptr<float>(),
             logits.const_data_ptr<float>(),
             labels.const_data_ptr<int64_t>(),
             loss_sum.mutable_data_ptr<double>(),
             correct.mutable_data_ptr<int64_t>(),
             count,
             classes}
        );
        EXPECT_DOUBLE_EQ(
            loss_sum.item<double>(),
            2.5 + static_cast<double>(loss.item<float>()) * count
        );
        EXPECT_EQ(
            correct.item<int64_t>(),
            3 + logits.argmax(1).eq(labels).sum().item<int64_t>()
        );
      }
}

TEST(CudaStepTest, ProbeTellsTheSumsAndTheLargestWeight) {
  const auto loss_sum = torch::full({}, 12.345678901234, torch::kFloat64);
  const auto correct = torch::full({}, 59'999, torch::kInt64);
  const auto probed_by_us = [&](const std::vector<torch::Tensor>& weights) {
    const auto values = torch::empty({3}, torch::kFloat64);
    cuda::ProbeArguments given = {
        .count = static_cast<int>(weights.size()),
        .loss_sum = loss_sum.const_data_ptr<double>(),
        .correct = correct.const_data_ptr<int64_t>(),
        .to = values.mutable_data_ptr<double>()};
    for (size_t i = 0; i < weights.size(); ++i)
      given.tensors[i] = {
          weights[i].const_data_ptr<float>(), weights[i].numel()};
    cuda::start_probe(StartOnCpu{}, given);
    return values;
  };
  torch::manual_seed(8);
  const std::vector<torch::Tensor> weights = {
      torch::randn({3}), torch::randn({24, 32, 5, 5}), torch::randn({1025})};
  const auto expect_as_aten = [&] {
    const auto ours = probed_by_us(weights);
    EXPECT_TRUE(ours.equal(probed(loss_sum, correct, weights))) << ours;
  };
  expect_as_aten();
  weights[1].view(-1)[19'198] = -77.5F;
  expect_as_aten();
  weights[2][1024] = std::numeric_limits<float>::infinity();
  expect_as_aten();
  for (const auto& [which, i] : {std::pair{1, 9'000}, {0, 0}, {2, 1'024}}) {
    SCOPED_TRACE(i);
    std::vector<torch::Tensor> broken;
    for (const auto& each : weights) broken.push_back(each.clone());
    broken[static_cast<size_t>(which)].view(-1)[i] = kUnset;
    const auto ours = probed_by_us(broken);
    EXPECT_TRUE(std::isnan(ours[2].item<double>()));
    EXPECT_TRUE(std::isnan(probed(loss_sum, correct, broken)[2].item<double>())
    );
    EXPECT_EQ(ours[1].item<double>(), 59'999);
  }
}

struct Rule {
  cuda::Update kind;
  double beta1;
};

void step_of_aten(
    const Rule& rule,
    torch::Tensor value,
    const torch::Tensor& gradient,
    torch::Tensor first,
    torch::Tensor second,
    torch::Tensor steps
) {
  const double decay = 0.02;
  if (rule.kind == cuda::Update::sgd) {
    const std::vector<torch::Tensor> momentum =
        rule.beta1 > 0 ? std::vector{first} : std::vector<torch::Tensor>{};
    at::_fused_sgd_(
        {value},
        {gradient},
        momentum,
        decay,
        rule.beta1,
        0.1,
        0,
        false,
        false,
        false
    );
  } else if (rule.kind == cuda::Update::adam) {
    at::_fused_adam_(
        {value},
        {gradient},
        {first},
        {second},
        {},
        {steps},
        0.1,
        rule.beta1,
        0.9,
        decay,
        1e-8,
        false,
        false
    );
  } else if (rule.kind == cuda::Update::adamw) {
    at::_fused_adamw_(
        {value},
        {gradient},
        {first},
        {second},
        {},
        {steps},
        0.1,
        rule.beta1,
        0.9,
        decay,
        1e-8,
        false,
        false
    );
  } else {  // Zeiler's formula, as torch.optim.Adadelta has it
    const torch::Tensor slope = gradient + value * decay;
    second.mul_(0.9).addcmul_(slope, slope, 0.1);
    const torch::Tensor change =
        ((first + 1e-6).sqrt() / (second + 1e-6).sqrt()) * slope;
    first.mul_(0.9).addcmul_(change, change, 0.1);
    value.sub_(change * 0.1);
  }
}

TEST(CudaStepTest, OptimisersMoveAsAtensDo) {
  torch::manual_seed(5);
  for (const Rule& rule :
       {Rule{cuda::Update::sgd, 0},
        Rule{cuda::Update::sgd, 0.9},
        Rule{cuda::Update::adam, 0.7},
        Rule{cuda::Update::adamw, 0.9},
        Rule{cuda::Update::adadelta, 0}}) {
    SCOPED_TRACE(static_cast<int>(rule.kind));
    const std::vector<int64_t> sizes = {1, 1024, 1025, 10, 3000};
    std::vector<torch::Tensor> ours;
    std::vector<torch::Tensor> theirs;
    for (const int64_t size : sizes)
      for (const torch::Tensor& each :
           {torch::randn({size}),
            torch::zeros({size}),
            torch::zeros({size}),
            torch::zeros({})}) {
        ours.push_back(each.clone());
        theirs.push_back(each.clone());
      }
    const torch::Tensor lr = torch::full({}, 0.1F);
    for (int step = 0; step < 3; ++step) {
      cuda::UpdateArguments given = {};
      given.count = static_cast<int>(sizes.size());
      given.kind = rule.kind;
      given.lr = 0.1F;
      given.lr_there = step == 1 ? lr.const_data_ptr<float>() : nullptr;
      given.beta1 = rule.beta1;
      given.beta2 = 0.9;
      given.weight_decay = 0.02F;
      given.epsilon = rule.kind == cuda::Update::adadelta ? 1e-6F : 1e-8F;
      const bool adam =
          rule.kind == cuda::Update::adam || rule.kind == cuda::Update::adamw;
      std::vector<torch::Tensor> gradients;
      for (size_t i = 0; i < sizes.size(); ++i) {
        gradients.push_back(torch::randn({sizes[i]}));
        const torch::Tensor* mine = &ours[4 * i];
        if (adam) theirs[4 * i + 3] += 1;
        const bool plain = rule.kind == cuda::Update::sgd && rule.beta1 == 0;
        given.tensors[i] = {
            .parameter = mine[0].mutable_data_ptr<float>(),
            .gradient = gradients[i].const_data_ptr<float>(),
            .first = plain ? nullptr : mine[1].mutable_data_ptr<float>(),
            .second = mine[2].mutable_data_ptr<float>(),
            .step = adam ? mine[3].mutable_data_ptr<float>() : nullptr,
            .size = sizes[i]};
        step_of_aten(
            rule,
            theirs[4 * i],
            gradients[i],
            theirs[4 * i + 1],
            theirs[4 * i + 2],
            theirs[4 * i + 3]
        );
      }
      cuda::start_update(StartOnCpu{}, given);
    }
    for (size_t i = 0; i < ours.size(); ++i)
      expect_close(ours[i], theirs[i], "weights and state");
  }
}

TEST(CudaStepTest, LabelThatIsNoClassGivesNoNumber) {
  const auto logits = torch::zeros({2, 3});
  const auto labels = torch::tensor({1, 3}, torch::kInt64);
  const auto gradient = unset({2, 3});
  const auto loss = torch::zeros({});
  cuda::start_cross_entropy(
      StartOnCpu{},
      {logits.const_data_ptr<float>(),
       labels.const_data_ptr<int64_t>(),
       gradient.mutable_data_ptr<float>(),
       loss.mutable_data_ptr<float>(),
       2,
       3,
       0}
  );
  EXPECT_TRUE(std::isnan(loss.item<float>()));
}

}  // namespace
}  // namespace digitorch

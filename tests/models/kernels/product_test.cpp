#include "models/kernels/product.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "models/kernels/dense.h"

namespace digitorch {
namespace {

struct Sizes {
  int64_t rows;
  int64_t inner;
  int64_t columns;
};

void PrintTo(const Sizes& sizes, std::ostream* stream) {
  *stream << sizes.rows << "x" << sizes.inner << " by " << sizes.inner << "x"
          << sizes.columns;
}

/// The largest error of a float32 sum of products of standard normal numbers is
/// a few of these.
double rounding(int64_t terms) {
  return 4 * std::numeric_limits<float>::epsilon() *
         std::sqrt(static_cast<double>(terms));
}

void expect_close(
    const torch::Tensor& found, const torch::Tensor& exact, int64_t terms
) {
  ASSERT_EQ(found.sizes(), exact.sizes());
  ASSERT_EQ(found.scalar_type(), torch::kFloat32);
  const double scale = std::max(1.0, exact.abs().max().item<double>());
  const double error =
      (found.to(torch::kFloat64) - exact).abs().max().item<double>();
  EXPECT_LE(error, rounding(terms) * scale);
}

class ProductTest : public ::testing::TestWithParam<Sizes> {
 protected:
  void SetUp() override {
    torch::manual_seed(1);
    const auto [rows, inner, columns] = GetParam();
    a = torch::randn({rows, inner});
    b = torch::randn({inner, columns});
    bias = torch::randn({columns});
  }

  torch::Tensor a;
  torch::Tensor b;
  torch::Tensor bias;
};

// Operands in bfloat16 would be wrong by a hundred times as much.
TEST_P(ProductTest, IsThatOfFloat32) {
  const torch::Tensor exact =
      torch::mm(a.to(torch::kFloat64), b.to(torch::kFloat64));
  const int64_t terms = a.size(1);
  expect_close(product(a, b), exact, terms);
  expect_close(product(a, b, bias), exact + bias, terms);
}

TEST_P(ProductTest, TakesOperandsInAnyOrderOfMemory) {
  const torch::Tensor exact =
      torch::mm(a.to(torch::kFloat64), b.to(torch::kFloat64));
  const torch::Tensor a_columns = a.t().contiguous().t();
  const torch::Tensor b_columns = b.t().contiguous().t();
  expect_close(product(a_columns, b), exact, a.size(1));
  expect_close(product(a, b_columns), exact, a.size(1));
  expect_close(product(a_columns, b_columns), exact, a.size(1));
}

TEST_P(ProductTest, ComputesTheSameTwice) {
  const torch::Tensor first = product(a, b, bias);
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(torch::equal(first, product(a, b, bias)));
}

TEST_P(ProductTest, IsSeenByAutograd) {
  a.requires_grad_();
  b.requires_grad_();
  const torch::Tensor slope = torch::randn({a.size(0), b.size(1)});
  const auto found =
      torch::autograd::grad({product(a, b, bias)}, {a, b}, {slope});
  EXPECT_TRUE(torch::equal(found[0], slope.mm(b.detach().t())));
  EXPECT_TRUE(torch::equal(found[1], a.detach().t().mm(slope)));
}

TEST_P(ProductTest, NotANumberStaysVisible) {
  a[0][0] = std::numeric_limits<float>::quiet_NaN();
  const torch::Tensor found = dense(a, b.t(), bias, /*relu=*/true).isnan();
  EXPECT_TRUE(found[0].all().item<bool>());
  EXPECT_FALSE(found.slice(0, 1).any().item<bool>());
}

INSTANTIATE_TEST_SUITE_P(
    Sizes,
    ProductTest,
    ::testing::Values(
        Sizes{10, 784, 10},
        Sizes{256, 800, 256},  // a batch through the first hidden layer
        Sizes{256, 256, 800},
        Sizes{67, 1000, 37},  // no whole vectors
        Sizes{1, 2000, 1100},
        Sizes{1200, 1, 1900}
    )
);

class DenseTest : public ::testing::TestWithParam<bool> {};

TEST_P(DenseTest, OfALargeBatchGivesAtensValuesAndGradients) {
  torch::manual_seed(1);
  const bool relu = GetParam();
  const auto x = torch::randn({256, 800}).requires_grad_();
  const auto weight = torch::randn({256, 800}).requires_grad_();
  const auto bias = torch::randn({256}).requires_grad_();
  const auto slope = torch::randn({256, 256});
  const std::vector<torch::Tensor> given{x, weight, bias};
  const torch::Tensor found = dense(x, weight, bias, relu);
  std::vector<torch::Tensor> doubles;
  for (const torch::Tensor& each : given)
    doubles.push_back(each.detach().to(torch::kFloat64).requires_grad_());
  torch::Tensor exact = torch::linear(doubles[0], doubles[1], doubles[2]);
  // Next to zero the sign is one of rounding.
  if (relu) exact = exact * (found > 0);
  expect_close(found, exact, 800);
  const auto gradients = torch::autograd::grad({found}, given, {slope});
  const auto expected =
      torch::autograd::grad({exact}, doubles, {slope.to(torch::kFloat64)});
  for (size_t i = 0; i < given.size(); ++i)
    expect_close(gradients[i], expected[i], 256);
}

TEST_P(DenseTest, GivesTheSameWithoutGradients) {
  torch::manual_seed(1);
  const auto x = torch::randn({256, 800});
  const auto weight = torch::randn({256, 800}).requires_grad_();
  const auto bias = torch::randn({256}).requires_grad_();
  const torch::Tensor with = dense(x, weight, bias, GetParam());
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(torch::equal(with, dense(x, weight, bias, GetParam())));
}

TEST_P(DenseTest, GivesNoGradientToInputsThatNeedNone) {
  const auto x = torch::randn({256, 800});
  const auto weight = torch::randn({256, 800}).requires_grad_();
  const auto bias = torch::randn({256}).requires_grad_();
  dense(x, weight, bias, GetParam()).sum().backward();
  EXPECT_FALSE(x.grad().defined());
  EXPECT_TRUE(weight.grad().defined());
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutRelu, DenseTest, ::testing::Bool());

TEST(ProductLibraryTest, IsOnednnOnlyWhereMklDoesWithoutAvx512) {
#ifdef __x86_64__
  const bool expected = at::hasMKL() && at::hasMKLDNN() &&
                        at::get_cpu_capability() == "AVX512" &&
                        !__builtin_cpu_is("intel");
#else
  const bool expected = false;
#endif
  EXPECT_EQ(product_library(), expected ? "oneDNN" : "ATen");
  EXPECT_EQ(
      onednn_multiplies(torch::zeros({256, 800}), torch::zeros({800, 256})),
      expected
  );
  EXPECT_FALSE(
      onednn_multiplies(torch::zeros({10, 784}), torch::zeros({784, 10}))
  );
  EXPECT_FALSE(onednn_multiplies(
      torch::zeros({256, 800}, torch::kFloat64),
      torch::zeros({800, 256}, torch::kFloat64)
  ));
}

}  // namespace
}  // namespace digitorch

#include "app/training/precision.h"

#include <ATen/cpu/Utils.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace digitorch {
namespace {

const torch::Device kGpu(torch::kCUDA, 0);

TEST(PrecisionTest, Tf32IsRefusedWithoutAGpu) {
  EXPECT_EQ(precision_on(kGpu, "tf32"), Precision::tf32);
  try {
    precision_on(torch::kCPU, "tf32");
    FAIL() << "expected std::runtime_error";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(
        error.what(),
        "--precision: found tf32 on cpu; expected fp32, bf16 or auto where "
        "there is no GPU"
    );
  }
}

TEST(PrecisionTest, NamesMeanThemselvesAndAutoMeansBf16OnAGpu) {
  for (const torch::Device& device : {torch::Device(torch::kCPU), kGpu}) {
    EXPECT_EQ(precision_on(device, "fp32"), Precision::fp32);
    EXPECT_EQ(precision_on(device, "bf16"), Precision::bf16);
  }
  EXPECT_EQ(precision_on(kGpu, "auto"), Precision::bf16);
}

TEST(PrecisionTest, AutoMeansBf16OnACpuWhereItWasMeasured) {
  auto capabilities = at::cpu::get_cpu_capabilities();
  const auto has = [&](const char* name) {
    return capabilities.contains(name) && capabilities.at(name).toBool();
  };
  EXPECT_EQ(
      precision_on(torch::kCPU, "auto"),
      has("avx512_bf16") && !has("amx_bf16") ? Precision::bf16 : Precision::fp32
  );
}

TEST(PrecisionTest, TheModeOfGpusIsWhatWasSetLast) {
  at::Context& context = at::globalContext();
  set_gpu_mode({.precision = Precision::tf32, .deterministic = true});
  EXPECT_TRUE(context.allowTF32CuBLAS());
  EXPECT_TRUE(context.allowTF32CuDNN());
  EXPECT_TRUE(context.deterministicCuDNN());
  EXPECT_TRUE(context.deterministicAlgorithms());
  set_gpu_mode({.precision = Precision::fp32, .deterministic = false});
  EXPECT_FALSE(context.allowTF32CuBLAS());
  EXPECT_FALSE(context.allowTF32CuDNN());
  EXPECT_FALSE(context.deterministicCuDNN());
  EXPECT_FALSE(context.deterministicAlgorithms());
}

}  // namespace
}  // namespace digitorch

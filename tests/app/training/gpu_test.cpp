// What only a GPU can show. Every test is skipped where there is none.
#include <gtest/gtest.h>
#include <torch/cuda.h>
#include <unistd.h>

#include <cstdio>

#include "app/system/device.h"
#include "app/system/errors.h"
#include "app/system/exit_code.h"
#include "app/training/step_graph.h"
#include "tests/support/small_runs.h"
#include "tests/support/synthetic.h"

namespace digitorch {
namespace {

using testing::checkpoint_of;
using ::testing::ExitedWithCode;
using testing::expect_equal;
using testing::kClasses;
using testing::kPictures;
using testing::make_run;
using testing::small_options;
using testing::StopAfter;
using testing::synthetic_digits;
using testing::TrainingRun;

class GpuTest : public ::testing::Test {
 protected:
  void SetUp() override {
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    if (!libtorch_has_cuda()) GTEST_SKIP() << "this LibTorch has no CUDA";
    if (torch::cuda::device_count() == 0)
      GTEST_SKIP() << "this machine has no GPU";
    std::vector<std::string> notes;
    device_ = choose_device("cuda", notes);
  }

  ImageSet digits() const { return synthetic_digits(kPictures, kClasses, 1); }

  /// A run to its end.
  TrainingRun trained(const std::string& kind, const TrainOptions& options)
      const {
    TrainingRun run = make_run(kind, options, digits(), device_);
    TrainObserver silent;
    EXPECT_EQ(run.trainer->run(silent), TrainEnd::finished);
    return run;
  }

  torch::Device device_ = torch::kCPU;
};

TEST_F(GpuTest, IsChosenByAutoAndByNameAndNotBeyondTheLast) {
  const auto count = static_cast<int>(torch::cuda::device_count());
  std::vector<std::string> notes;
  EXPECT_EQ(choose_device("cuda", notes), torch::Device(torch::kCUDA, 0));
  EXPECT_EQ(choose_device("auto", notes), torch::Device(torch::kCUDA, 0));
  EXPECT_TRUE(notes.empty());
  EXPECT_THROW(
      choose_device("cuda:" + std::to_string(count), notes), EnvironmentError
  );
}

TEST_F(GpuTest, CapturedStepsGiveWhatPlainStepsGive) {
  for (const char* network : {"mlp", "cnn", "fused", "scratch"})
    for (const char* optimizer : {"sgd", "adamw", "adadelta"}) {
      SCOPED_TRACE(std::string(network) + " " + optimizer);
      TrainOptions options = small_options();
      options.optimizer.kind = optimizer;
      options.augment = "strong";
      options.ema = 0.9;
      const TrainingRun captured = trained(network, options);
      options.graph = false;
      const TrainingRun plain = trained(network, options);
      expect_equal(checkpoint_of(captured), checkpoint_of(plain));
    }
}

TEST_F(GpuTest, TwoRunsOfOneSeedAreEqual) {
  for (const char* precision : {"fp32", "tf32", "bf16"}) {
    SCOPED_TRACE(precision);
    TrainOptions options = small_options();
    options.precision = precision;
    const TrainingRun first = trained("cnn", options);
    const TrainingRun second = trained("cnn", options);
    expect_equal(checkpoint_of(first), checkpoint_of(second));
  }
}

TEST_F(GpuTest, StoppedAndResumedEndsAsIfUndisturbed) {
  const TrainOptions options = small_options();
  const TrainingRun undisturbed = trained("cnn", options);
  for (const int64_t steps : {1, 5, 8, 13}) {  // before and after the capture
    SCOPED_TRACE(steps);
    const TrainingRun first = make_run("cnn", options, digits(), device_);
    StopAfter some(steps);
    ASSERT_EQ(first.trainer->run(some), TrainEnd::stopped);
    const std::string bytes = encode(checkpoint_of(first));
    const TrainingRun second = make_run("cnn", options, digits(), device_);
    torch::manual_seed(12345);  // restore() must bring the generators back
    second.trainer->restore(decode_checkpoint(bytes, "test"), "test");
    TrainObserver silent;
    ASSERT_EQ(second.trainer->run(silent), TrainEnd::finished);
    expect_equal(checkpoint_of(second), checkpoint_of(undisturbed));
  }
}

// Without dropout, which each device draws in a way of its own.
TEST_F(GpuTest, LearnsAsTheCpuDoes) {
  TrainOptions options = small_options();
  options.augment = "none";
  TrainObserver silent;
  const ModelSpec spec{
      .network = CnnOptions{.channels = {8, 16}, .hidden = {8}, .dropout = 0},
      .classes = kClasses};
  const TrainingRun cpu = make_run(spec, options, digits());
  cpu.trainer->run(silent);
  const TrainingRun gpu = make_run(spec, options, digits(), device_);
  gpu.trainer->run(silent);
  for (size_t i = 0; i < cpu.trainer->history().size(); ++i)
    EXPECT_NEAR(
        gpu.trainer->history()[i].train_loss,
        cpu.trainer->history()[i].train_loss,
        1e-3
    );
}

/// Prints the message of what `work` throws and ends with its exit code.
template <class Work>
[[noreturn]] void exit_as_main_would(const Work& work) {
  try {
    work();
  } catch (...) {
    std::string message;
    const int code = exit_code_for_current_exception(message);
    std::fprintf(stderr, "error: %s\n", message.c_str());
    _exit(code);
  }
  _exit(kExitDone);
}

// Memory that a GPU does not have is the environment's fault, exit code 3, and
// the message says what to change.
TEST_F(GpuTest, TooLittleMemoryIsAnEnvironmentFault) {
  EXPECT_EXIT(
      exit_as_main_would([&] { torch::empty({int64_t{1} << 50}, device_); }),
      ExitedWithCode(kExitEnvironment),
      "error: out of memory; a smaller --batch-size"
  );
}

// A failed assert on the GPU, after which the process can no longer use it, is
// the environment's fault as well.
TEST_F(GpuTest, WrongIndexIsAnEnvironmentFault) {
  EXPECT_EXIT(
      exit_as_main_would([&] {
        const auto index = torch::tensor({99}, device_);
        torch::zeros({3}, device_).index_select(0, index).sum().item<float>();
      }),
      ExitedWithCode(kExitEnvironment),
      "error: the GPU failed"
  );
}

TEST_F(GpuTest, StepThatCannotBeCapturedGoesOnWithoutAGraph) {
  const auto numbers = [&](bool waits, bool captured) {
    torch::manual_seed(7);
    StepGraph graph(captured ? make_graph_recorder(device_) : nullptr);
    auto sum = torch::zeros(3, device_);
    int failures = 0;
    for (int i = 0; i < 8; ++i) {
      graph.run([&] {
        const auto drawn = torch::rand(3, device_);
        sum.add_(waits ? drawn * drawn.sum().item<float>() : drawn * 2);
      });
      failures += graph.take_failure() ? 1 : 0;
    }
    EXPECT_EQ(failures, waits && captured ? 1 : 0);
    return sum.cpu();
  };
  EXPECT_TRUE(numbers(true, true).equal(numbers(true, false)));
  // Another capture in the same process succeeds afterwards.
  EXPECT_TRUE(numbers(false, true).equal(numbers(false, false)));
}

}  // namespace
}  // namespace digitorch

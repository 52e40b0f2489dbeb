// Every wrong command line ends with exit code 2 and one line that names the
// option, before anything is written.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

struct BadLine {
  std::vector<std::string> arguments;
  std::string named;  ///< What the message has to name.
};

std::ostream& operator<<(std::ostream& out, const BadLine& line) {
  for (const std::string& word : line.arguments) out << word << ' ';
  return out;
}

class BadCommandLine : public ::testing::TestWithParam<BadLine> {};

TEST_P(BadCommandLine, ExitsWithTwoAndNamesTheOption) {
  const TempDir folder;
  const auto result =
      digitorch(GetParam().arguments, {.working_dir = folder.path()});
  expect_refused(result, 2, GetParam().named);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

INSTANTIATE_TEST_SUITE_P(
    Program,
    BadCommandLine,
    ::testing::Values(
        BadLine{{"trian"}, "unknown command 'trian'; did you mean 'train'?"},
        BadLine{{"--verison"}, "did you mean '--version'?"},
        BadLine{{"-v"}, "did you mean '-V'?"},
        BadLine{{"help", "evla"}, "did you mean 'eval'?"},
        BadLine{{"help", "eval", "train"}, "help: found 2 names"},
        BadLine{{"manual", "eval", "train"}, "manual: found 2 names"},
        BadLine{{""}, "command"},
        BadLine{{"completion"}, "no shell"},
        BadLine{{"completion", "csh"}, "'csh'"},
        BadLine{{"doctor", "extra"}, "extra"},
        BadLine{{"doctor", "--format=xml"}, "--format"},
        BadLine{{"samples", "--count=0"}, "--count"},
        BadLine{{"samples", "--count=many"}, "--count"},
        BadLine{{"samples", "--data=nowhere"}, "nowhere"}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Train,
    BadCommandLine,
    ::testing::Values(
        BadLine{{"train", "--batch-size=0"}, "--batch-size"},
        BadLine{{"train", "--batch-size", "-1"}, "--batch-size"},
        BadLine{{"train", "--batch-size", "1e12"}, "--batch-size"},
        BadLine{{"train", "--batch-size", "1000000000000"}, "--batch-size"},
        BadLine{{"train", "--batch-size", "abc"}, "--batch-size"},
        BadLine{{"train", "--batch-size", "3.5"}, "--batch-size"},
        BadLine{{"train", "--batch-size="}, "--batch-size"},
        BadLine{{"train", "--batch-size"}, "batch-size"},
        BadLine{
            {"train", "--model=scratch", "--mixup=0.2", "--batch-size=1"},
            "--batch-size: found 1 with --mixup"},
        BadLine{{"train", "--mixup=-0.1"}, "--mixup"},
        BadLine{{"train", "--mixup=nan"}, "--mixup"},
        BadLine{{"train", "--epochs=0"}, "--epochs"},
        BadLine{{"train", "--epochs=-3"}, "--epochs"},
        BadLine{{"train", "--epochs", "1 2"}, "--epochs"},
        BadLine{{"train", "--lr=nan"}, "--lr"},
        BadLine{{"train", "--lr=-1"}, "--lr"},
        BadLine{{"train", "--lr=inf"}, "--lr"},
        BadLine{{"train", "--lr=0,1"}, "--lr"},
        BadLine{{"train", "--seed=18446744073709551616"}, "--seed"},
        BadLine{{"train", "--seed=-1"}, "--seed"},
        BadLine{{"train", "--momentum=1"}, "--momentum"},
        BadLine{{"train", "--beta2=1.5"}, "--beta2"},
        BadLine{{"train", "--weight-decay=-0.1"}, "--weight-decay"},
        BadLine{{"train", "--optimizer=adm"}, "did you mean 'adam'?"},
        BadLine{{"train", "--optimizer=lion"}, "--optimizer"},
        BadLine{{"train", "--schedule=linear"}, "--schedule"},
        BadLine{{"train", "--warmup-epochs=-1"}, "--warmup-epochs"},
        BadLine{{"train", "--step-epochs=0"}, "--step-epochs"},
        BadLine{{"train", "--gamma=2"}, "--gamma"},
        BadLine{{"train", "--loss=hinge"}, "--loss"},
        BadLine{{"train", "--label-smoothing=1"}, "--label-smoothing"},
        BadLine{{"train", "--validation=1"}, "--validation"},
        BadLine{{"train", "--validation=-0.1"}, "--validation"},
        BadLine{{"train", "--augment=maybe"}, "--augment"},
        BadLine{{"train", "--patience=-1"}, "--patience"},
        BadLine{{"train", "--ema=1"}, "--ema"},
        BadLine{{"train", "--threads=-1"}, "--threads"},
        BadLine{{"train", "--threads=x"}, "--threads"},
        BadLine{{"train", "--device=gpu7"}, "gpu7"},
        BadLine{{"train", "--device=cuda:"}, "cuda:"},
        BadLine{{"train", "--device=cuda:-1"}, "cuda:-1"},
        BadLine{{"train", "--device="}, "--device"},
        BadLine{{"train", "--format=yaml"}, "--format"},
        BadLine{{"train", "--model=rnn"}, "rnn"},
        BadLine{
            {"train", "--model=missing.safetensors"}, "missing.safetensors"},
        BadLine{{"train", "--preset=magic"}, "--preset"},
        BadLine{{"train", "--config=missing.json"}, "missing.json"},
        BadLine{{"train", "--resume=missing"}, "missing"},
        BadLine{{"train", "--resume=auto"}, "--resume auto"},
        BadLine{{"train", "--epohs=3"}, "did you mean '--epochs'?"},
        BadLine{{"train", "--modle=mlp"}, "did you mean '--model'?"},
        BadLine{{"train", "-epochs", "3"}, "did you mean '--epochs'?"},
        BadLine{{"train", "--run-dir", "--epochs=3"}, "--run-dir needs a"},
        BadLine{{"train", "--no-epochs"}, "'--no-epochs'"},
        BadLine{{"train", "--no-report=true"}, "--no-report takes no value"},
        BadLine{{"train", "-e", "3"}, "'-e'"},
        BadLine{{"train", "--skip-bad", "false"}, "--no-NAME"},
        BadLine{{"train", "picture.png"}, "picture.png"}
    )
);

INSTANTIATE_TEST_SUITE_P(
    Network,
    BadCommandLine,
    ::testing::Values(
        BadLine{{"train", "--hidden=12,"}, "--hidden"},
        BadLine{{"train", "--hidden=0"}, "--hidden"},
        BadLine{{"train", "--hidden=a"}, "--hidden"},
        BadLine{{"train", "--channels=-4"}, "--channels"},
        BadLine{{"train", "--channels=32,64,128", "--kernel=3,3"}, "kernel"},
        BadLine{{"train", "--kernel=0"}, "--kernel"},
        BadLine{{"train", "--pool=28,28"}, "pool"},
        BadLine{{"train", "--padding=reflect"}, "--padding"},
        BadLine{{"train", "--dropout=1.5"}, "--dropout"},
        BadLine{{"train", "--dropout=nan"}, "--dropout"},
        BadLine{{"train", "--batch-norm=2"}, "--batch-norm"},
        BadLine{{"train", "--precision=fp8"}, "--precision"},
        BadLine{
            {"train", "--model=scratch", "--precision=bf16"}, "--precision"},
        BadLine{{"train", "--precision=tf32", "--device=cpu"}, "--precision"},
        BadLine{{"train", "--graph=maybe"}, "--graph"},
        BadLine{{"train", "--model=mlp", "--kernel=3"}, "--kernel"},
        BadLine{{"train", "--model=cnn", "--activation=tanh"}, "--activation"},
        BadLine{{"train", "--model=mlp", "--activation=gelu"}, "--activation"}
    )
);

INSTANTIATE_TEST_SUITE_P(
    UsingModels,
    BadCommandLine,
    ::testing::Values(
        BadLine{{"eval", "--min-accuracy=1.1"}, "--min-accuracy"},
        BadLine{{"eval", "--min-accuracy=99%"}, "--min-accuracy"},
        BadLine{{"eval", "--model=cnn"}, "cnn"},
        BadLine{{"eval", "--model=missing"}, "missing"},
        BadLine{{"eval", "--data=nowhere"}, "nowhere"},
        BadLine{{"eval", "--data-dir=nowhere"}, "nowhere"},
        BadLine{{"eval", "--batch-size=0"}, "--batch-size"},
        BadLine{{"classify"}, "picture"},
        BadLine{{"classify", "x.png", "--annotate=y.png"}, "needs --page"},
        BadLine{{"classify", "missing.png"}, "missing.png"},
        BadLine{{"classify", "no*such.png"}, "no*such.png"},
        BadLine{{"classify", "--top-k=0", "x.png"}, "--top-k"},
        BadLine{{"classify", "--top-k", "three", "x.png"}, "--top-k"},
        BadLine{
            {"classify", "--min-confidence=2", "x.png"}, "--min-confidence"},
        BadLine{{"classify", "--format=html", "x.png"}, "--format"},
        BadLine{{"bench", "--batch-sizes="}, "--batch-sizes"},
        BadLine{{"bench", "--repetitions=0"}, "--repetitions"},
        BadLine{
            {"bench", "--model=scratch", "--precision=both"}, "--precision"},
        BadLine{{"bench", "--precision=tf32", "--device=cpu"}, "--precision"},
        BadLine{{"bench", "--preset=magic"}, "--preset"},
        BadLine{{"bench", "--model=mlp", "--channels=3"}, "--channels"},
        BadLine{{"backprop", "--layers=5"}, "--layers"},
        BadLine{{"backprop", "--label=3"}, "--label"},
        BadLine{{"backprop", "missing.png"}, "missing.png"},
        BadLine{{"backprop", "--digit", "--data=nowhere"}, "nowhere"},
        BadLine{{"gradients", "--depths="}, "--depths"},
        BadLine{{"gradients", "--depths=0"}, "--depths"},
        BadLine{{"gradients", "--activation=step"}, "--activation"},
        BadLine{{"gradients", "--data=nowhere"}, "nowhere"},
        BadLine{{"sweep", "--grid=lr=0.1,0.2", "--data=nowhere"}, "nowhere"},
        BadLine{
            {"sweep", "--grid=batch-size=16/32"},
            "batch-size (',' separates values): found '16/32'"},
        BadLine{{"sweep", "--resume=nowhere"}, "nowhere"},
        BadLine{{"visualize", "--model=missing"}, "missing"},
        BadLine{{"visualize", "missing.png", "--what=saliency"}, "missing"},
        BadLine{{"report"}, "report"},
        BadLine{{"report", "missing"}, "missing"},
        BadLine{{"export", "--format=pickle"}, "--format"},
        BadLine{{"export", "--samples=0"}, "--samples"},
        BadLine{{"export", "a.pt", "b.pt"}, "second model"},
        BadLine{{"export", "--format=safetensors", "--output=a.pt"}, "a.pt"},
        BadLine{{"export", "--output=a.safetensors"}, "a.safetensors"},
        BadLine{{"export", "--model=missing"}, "missing"},
        BadLine{{"import"}, "--weights"},
        BadLine{{"import", "--weights=missing"}, "missing"},
        BadLine{{"import", "--weights=/dev/null"}, "/dev/null"}
    )
);

TEST(CommandLineTest, NoCommandShowsTheOverviewAndExitsWithTwo) {
  const auto result = digitorch({});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.out.find("Commands:"), std::string::npos);
}

TEST(CommandLineTest, CudaOnAMachineWithoutIsAnEnvironmentFault) {
  const auto result = digitorch({"doctor", "--format=json"});
  if (result.out.find(" in use") != std::string::npos)
    GTEST_SKIP() << "this machine has a GPU";
  const TempDir folder;
  write_idx_set(folder / "data");
  for (const char* device : {"cuda", "cuda:9"})
    expect_refused(
        digitorch(quick_train(
            folder / "data", folder / "run", {"--device=" + std::string(device)}
        )),
        3,
        "--device"
    );
}

}  // namespace
}  // namespace digitorch::testing

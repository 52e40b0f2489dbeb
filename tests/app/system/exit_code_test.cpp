// Exceptions -> exit codes and one safe line.
#include <gtest/gtest.h>
#include <torch/types.h>

#include <filesystem>
#include <new>
#include <opencv2/core.hpp>
#include <system_error>

#include "app/system/errors.h"
#include "app/system/exit_code.h"
#include "app/system/text.h"

namespace digitorch {
namespace {

struct Outcome {
  int code;
  std::string message;
};

template <typename Work>
Outcome outcome_of(const Work& work) {
  try {
    work();
  } catch (...) {
    Outcome outcome;
    outcome.code = exit_code_for_current_exception(outcome.message);
    return outcome;
  }
  return {kExitDone, ""};
}

template <typename Error>
Outcome outcome_of_throwing(const Error& error) {
  return outcome_of([&] { throw error; });
}

TEST(ExitCode, BadInputIsTwoAndKeepsItsText) {
  const Outcome outcome =
      outcome_of_throwing(std::runtime_error("--lr: found 'x'; expected 1"));
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.message, "--lr: found 'x'; expected 1");
}

TEST(ExitCode, EnvironmentIsThree) {
  EXPECT_EQ(outcome_of_throwing(EnvironmentError("no GPU")).code, 3);
  EXPECT_EQ(outcome_of_throwing(std::bad_alloc()).code, 3);
  EXPECT_EQ(
      outcome_of_throwing(
          c10::OutOfMemoryError(c10::SourceLocation(), "CUDA out of memory")
      )
          .code,
      3
  );
  const Outcome lost = outcome_of_throwing(
      c10::AcceleratorError(c10::SourceLocation(), 700, "illegal address")
  );
  EXPECT_EQ(lost.code, 3);
  EXPECT_NE(lost.message.find("illegal address"), std::string::npos);
  const Outcome system = outcome_of_throwing(
      std::system_error(ENOSPC, std::generic_category(), "a.pt: cannot write")
  );
  EXPECT_EQ(system.code, 3);
  EXPECT_EQ(system.message, "a.pt: cannot write: No space left on device");
  EXPECT_EQ(
      outcome_of([] { std::filesystem::directory_iterator("/no/such/folder"); }
      ).code,
      3
  );
}

TEST(ExitCode, HostMemoryThatLibTorchCannotGetIsThree) {
  const Outcome outcome =
      outcome_of([] { torch::empty({int64_t{1} << 50}, torch::kUInt8); });
  EXPECT_EQ(outcome.code, 3) << outcome.message;
  EXPECT_NE(outcome.message.find("out of memory"), std::string::npos);
}

TEST(ExitCode, MemoryThatOpenCvCannotGetIsThree) {
  const cv::Exception refused(cv::Error::StsNoMem, "failed", "f", "file", 1);
  EXPECT_EQ(outcome_of_throwing(refused).code, 3);
}

TEST(ExitCode, DivergenceIsFour) {
  const Outcome outcome = outcome_of_throwing(DivergedError("loss is nan"));
  EXPECT_EQ(outcome.code, 4);
  EXPECT_EQ(outcome.message, "loss is nan");
}

TEST(ExitCode, OurMistakesAreOneAndSaySo) {
  const Outcome shape = outcome_of([] {
    torch::ones({2, 3}).matmul(torch::ones({2, 3}));
  });
  EXPECT_EQ(shape.code, 1);
  EXPECT_EQ(
      shape.message,
      "this is a bug of digitorch, please report it: mat1 and mat2 shapes "
      "cannot be multiplied (2x3 and 2x3)"
  );
  EXPECT_EQ(outcome_of_throwing(std::logic_error("index")).code, 1);
  EXPECT_EQ(outcome_of_throwing(42).code, 1);
  const Outcome opencv = outcome_of([] { cv::Mat(2, 2, CV_8U).reshape(7, 1); });
  EXPECT_EQ(opencv.code, 1);
  EXPECT_EQ(opencv.message.find('\n'), std::string::npos);
}

TEST(ExitCode, MessageIsOneSafeLine) {
  const Outcome outcome =
      outcome_of_throwing(std::runtime_error("a\nb\x1b[31m: bad"));
  EXPECT_EQ(outcome.message, "a\\nb\\x1b[31m: bad");
}

TEST(EscapeControl, KeepsPrintableText) {
  const std::string text = "plain ~ \\ \"é\" 漢字 😀 \u00a0";
  EXPECT_EQ(escape_control(text), text);
  EXPECT_EQ(escape_control(""), "");
}

TEST(EscapeControl, EscapesControlCharactersOfBothKinds) {
  EXPECT_EQ(escape_control("\n\r\t"), "\\n\\r\\t");
  EXPECT_EQ(
      escape_control(std::string_view("\0\x01\x1f\x7f", 4)),
      "\\x00\\x01\\x1f\\x7f"
  );
  // U+009B steers terminals as ESC [ does.
  EXPECT_EQ(escape_control("\xc2\x9b"), "\\xc2\\x9b");
}

TEST(EscapeControl, EscapesWhatIsNotUtf8ByteByByte) {
  EXPECT_EQ(escape_control("a\xff z"), "a\\xff z");
  EXPECT_EQ(escape_control("\xc3"), "\\xc3");           // Cut.
  EXPECT_EQ(escape_control("\xe2\x82"), "\\xe2\\x82");  // Cut.
  EXPECT_EQ(escape_control("\xc0\xaf"), "\\xc0\\xaf");  // Overlong.
  EXPECT_EQ(escape_control("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
  EXPECT_EQ(escape_control("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // Surrogate.
  EXPECT_EQ(
      escape_control("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80"
  );  // Beyond U+10FFFF.
}

}  // namespace
}  // namespace digitorch

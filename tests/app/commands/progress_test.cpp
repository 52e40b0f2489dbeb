// What training shows on a terminal and elsewhere.
#include "app/commands/train/progress.h"

#include <gtest/gtest.h>

#include <iostream>
#include <sstream>

#include "models/spec.h"
#include "tests/support/synthetic.h"

namespace digitorch {
namespace {

/// What is written to stderr during its life.
class CaughtErrors {
 public:
  CaughtErrors() : before_(std::cerr.rdbuf(text_.rdbuf())) {}
  ~CaughtErrors() { std::cerr.rdbuf(before_); }
  CaughtErrors(const CaughtErrors&) = delete;
  CaughtErrors& operator=(const CaughtErrors&) = delete;

  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::streambuf* before_;
};

Progress shown(const Progress::Options& options) {
  return {options, [](const Trainer&) {}, [] { return false; }};
}

constexpr StepReport kHalfway{
    .epoch = 2,
    .epochs = 3,
    .step = 50,
    .steps = 100,
    .samples_per_step = 10,
    .samples_per_second = 100,
    .loss = 0.25,
    .validation_accuracy = 0.975};

TEST(ProgressTest, TerminalShowsABarWithAllThatIsKnown) {
  const CaughtErrors errors;
  shown({.terminal = true}).step_done(kHalfway);
  // 150 steps of 10 pictures are left, at 100 a second.
  EXPECT_EQ(
      errors.text(),
      "\r\x1b[Kepoch 2/3 [############............] 50/100  100 img/s  ETA "
      "0:15  loss 0.2500  validation 97.50 %"
  );
}

/// The line on a terminal of so many columns.
std::string line_of(std::size_t columns, const StepReport& report = kHalfway) {
  const CaughtErrors errors;
  shown({.terminal = true, .columns = [columns] { return columns; }}
  ).step_done(report);
  return errors.text().substr(std::string("\r\x1b[K").size());
}

TEST(ProgressTest, WhatIsLeastNeededIsLeftOutOfANarrowTerminal) {
  EXPECT_EQ(
      line_of(80),
      "epoch 2/3 [######.......]  100 img/s  ETA 0:15  loss 0.2500  validation "
      "97.50 %"
  );
  EXPECT_EQ(line_of(40), "epoch 2/3  ETA 0:15  validation 97.50 %");
  EXPECT_EQ(line_of(20), "epoch 2/3  ETA 0:15");
  EXPECT_EQ(line_of(19), "epoch 2/3");
}

TEST(ProgressTest, NoLineIsAsWideAsTheTerminal) {
  StepReport report = kHalfway;
  report.epochs = 1000;
  report.samples_per_second = 5e6;
  for (std::size_t columns = 15; columns < 200; ++columns)
    EXPECT_LT(line_of(columns, report).size(), columns);
}

TEST(ProgressTest, TerminalIsNotRedrawnForEveryStep) {
  const CaughtErrors errors;
  Progress progress = shown({.terminal = true});
  progress.step_done(kHalfway);
  const std::string once = errors.text();
  progress.step_done(kHalfway);
  EXPECT_EQ(errors.text(), once);
}

TEST(ProgressTest, QuietAndOtherThanTerminalsShowNoBar) {
  const CaughtErrors errors;
  shown({.terminal = false}).step_done(kHalfway);
  shown({.quiet = true, .terminal = true}).step_done(kHalfway);
  EXPECT_EQ(errors.text(), "");
}

/// What two epochs print.
std::string lines_of_run(const Progress::Options& shown_how) {
  const ImageSet digits = testing::synthetic_digits(80, 4, 1);
  const auto model =
      make_model({.network = ScratchOptions{.hidden = {4}}, .classes = 4});
  TrainOptions options;
  options.epochs = 2;
  Trainer trainer(*model, digits, options);
  const CaughtErrors errors;
  Progress progress = shown(shown_how);
  trainer.run(progress);
  return errors.text();
}

TEST(ProgressTest, AccuracyOnMixturesIsCalledSo) {
  EXPECT_NE(
      lines_of_run({.mixes = true}).find("  accuracy on mixtures "),
      std::string::npos
  );
  EXPECT_EQ(lines_of_run({}).find("mixtures"), std::string::npos);
}

TEST(ProgressTest, ElsewhereAnEpochIsAPlainLine) {
  const std::string text = lines_of_run({});
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_TRUE(text.starts_with("epoch 1/2  loss ")) << text;
  EXPECT_NE(text.find("validation"), std::string::npos);
  EXPECT_NE(text.find("img/s"), std::string::npos);
}

}  // namespace
}  // namespace digitorch

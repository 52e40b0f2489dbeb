// What the program answers without the core, and how it finds the core.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

/// Runs it with the loader's list of files on standard error.
ProcessResult with_files_named(const std::vector<std::string>& arguments) {
  return digitorch(arguments, {.environment = {{"LD_DEBUG", "files"}}});
}

bool loads(const ProcessResult& result, const std::string& library) {
  return result.err.find("file=" + library) != std::string::npos;
}

TEST(FrontTest, WhatNeedsNoComputingLoadsNeitherLibTorchNorOpenCv) {
  const std::vector<std::vector<std::string>> asked = {
      {},
      {"--version"},
      {"--help"},
      {"help", "train"},
      {"train", "--help"},
      {"classify", "--help-all"},
      {"completion", "zsh"},
      {"manual"},
      {"manual", "sweep"},
      {"trian"},
      {"train", "--epoch", "3"},
      {"train", "--epochs"},
      {"version", "now"}};
  for (const std::vector<std::string>& words : asked) {
    const auto result = with_files_named(words);
    const std::string typed = ::testing::PrintToString(words);
    EXPECT_TRUE(loads(result, "libstdc++")) << typed << result.err;
    for (const char* library : {"libtorch", "libc10", "libopencv", "libgomp"})
      EXPECT_FALSE(loads(result, library)) << typed << ": " << library;
  }
}

TEST(FrontTest, WhatComputesLoadsThem) {
  const auto result = with_files_named({"doctor"});
  EXPECT_TRUE(loads(result, "libtorch_cpu"));
  EXPECT_TRUE(loads(result, "libopencv_core"));
  // Which would bring in a hundred libraries more.
  EXPECT_FALSE(loads(result, "libopencv_imgcodecs"));
}

TEST(FrontTest, TheProgramIsFoundThroughALinkAndNamesACoreThatIsMissing) {
  const TempDir folder;
  fs::create_symlink(DIGITORCH_BINARY, folder / "link");
  const auto linked = run({(folder / "link").string(), "classify"});
  EXPECT_EQ(linked.exit_code, 2) << linked.err;

  fs::copy_file(DIGITORCH_BINARY, folder / "alone");
  const std::string alone = (folder / "alone").string();
  EXPECT_EQ(run({alone, "--version"}).exit_code, 0);
  expect_refused(
      run({alone, "doctor"}), 3, (folder / "digitorch-core.so").string()
  );
}

TEST(FrontTest, ThreadsThatWaitSleepSoonUnlessTheUserSaysOtherwise) {
  const auto spin_count = [](const std::string& assigned) {
    // libgomp prints what it has read.
    return run({"/bin/sh",
                "-c",
                "env -u GOMP_SPINCOUNT -u OMP_WAIT_POLICY "
                "OMP_DISPLAY_ENV=verbose " +
                    assigned + " " DIGITORCH_BINARY " doctor"})
        .err;
  };
  const auto says = [](const std::string& text, const std::string& value) {
    return text.find("GOMP_SPINCOUNT = '" + value + "'") != std::string::npos;
  };
  EXPECT_TRUE(says(spin_count(""), "1000")) << spin_count("");
  EXPECT_TRUE(says(spin_count("GOMP_SPINCOUNT=7"), "7"));
  EXPECT_FALSE(says(spin_count("OMP_WAIT_POLICY=active"), "1000"));
}

}  // namespace
}  // namespace digitorch::testing

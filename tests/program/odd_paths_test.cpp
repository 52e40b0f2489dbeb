// Every command with a byte in every path that is not UTF-8: it does its work,
// its messages and its JSON stay valid, and what it wrote is found again.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

class OddPaths : public ::testing::Test {
 protected:
  /// Runs the command and expects that it succeeds, and that each line that it
  /// prints in JSON is valid.
  void expect_works(Words words, const fs::path& from = {}) {
    SCOPED_TRACE(words[0]);
    const auto result = digitorch(words, {.working_dir = from});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err.find("bug of digitorch"), std::string::npos);
    EXPECT_EQ((result.out + result.err).find('\xe9'), std::string::npos)
        << result.out << result.err;
    if (result.out.starts_with('{')) {
      const std::string line = result.out.substr(0, result.out.find('\n'));
      EXPECT_TRUE(nlohmann::json::accept(line)) << line;
    }
  }

  std::string path(const std::string& name) const {
    return (folder_ / ("caf\xe9-" + name)).string();
  }

  TempDir folder_;
};

TEST_F(OddPaths, AreTakenByEveryCommand) {
  fs::copy(trained_data(), path("data"), fs::copy_options::recursive);
  write_class_folders(path("in"), {"caf\xe9", "b"}, 12);
  const std::string picture = path("in") + "/caf\xe9/\xe9.png";
  fs::rename(path("in") + "/caf\xe9/0.png", picture);
  const std::string data = "--data=" + path("data");
  const std::string run = path("run");
  const std::string model = "--model=" + run;

  expect_works(quick_train(path("data"), run, {"--report"}));
  expect_works({"train", "--resume", run, "--epochs=3", "--format=json"});
  expect_works(
      {"train",
       "--config",
       run + "/config.json",
       "--run-dir",
       path("again"),
       "--quiet"}
  );
  expect_works(quick_train(
      path("data"), path("tuned"), {"--model=" + run + "/best.safetensors"}
  ));
  expect_works({"train", "--resume", path("tuned"), "--epochs=3"});
  expect_works({"eval", model, data, "--format=json"});
  expect_works({"eval", model, data});
  expect_works({"export", model, data, "--output", path("m.pt")});
  expect_works(
      {"export",
       model,
       data,
       "--format=safetensors",
       "--output",
       path("m.safetensors")}
  );
  expect_works(
      {"eval", "--trust-torchscript", "--model", path("m.pt"), data, "--quiet"}
  );
  expect_works({"report", run, "--output", path("r.html"), "--format=json"});
  expect_works({"report", run, "--overwrite"});
  expect_works({"visualize", model, data, "--output", path("pictures")});
  expect_works({"visualize", model, data, "--format=json", picture});
  expect_works(
      {"gradients",
       data,
       "--depths=1",
       "--steps=2",
       "--output",
       path("gradients")}
  );
  expect_works({"samples", data, "--output", path("samples")});
  expect_works({"doctor", "--data-dir", path("data"), "--format=json"});
  for (const char* format : {"text", "json", "csv"}) {
    const std::string as = std::string("--format=") + format;
    expect_works({"classify", model, as, picture});
    expect_works({"classify", "--page", as, picture});
  }
  expect_works(
      {"classify", "--page", "--annotate", path("a.png"), "--quiet", picture}
  );
  expect_works({"classify", model, data, "--explain", path("e.png"), picture});
}

TEST_F(OddPaths, AreTakenBySweepsAndClasses) {
  write_class_folders(path("in"), {"caf\xe9", "b"}, 30);
  const std::string sweep = path("sweep");
  expect_works(
      {"sweep",
       "--data",
       path("in"),
       "--grid=lr=0.1,0.01",
       "--model=mlp",
       "--hidden=4",
       "--epochs=1",
       "--run-dir",
       sweep,
       "--format=json"}
  );
  expect_works({"sweep", "--resume", sweep});
  const std::string run = path("run");
  expect_works(quick_train(path("in"), run, {"--report"}));
  expect_works({"train", "--resume", run, "--epochs=3"});
  expect_works({"eval", "--model", run, "--data", path("in")});
  expect_works({"eval", "--model", run, "--data", path("in"), "--format=json"});
  expect_works({"report", run});
  expect_works({"export", "--model", run, "--output", path("m.pt"), "--quiet"});
  expect_works({"visualize", "--model", run, "--data", path("in")});
  expect_works({"samples", "--data", path("in"), "--output", path("s")});
  for (const char* format : {"text", "json", "csv"})
    expect_works(
        {"classify",
         "--model",
         run,
         std::string("--format=") + format,
         path("in")}
    );
}

TEST_F(OddPaths, AreFoundFromAnotherFolder) {
  fs::create_directory(path("work"));
  fs::copy(
      trained_data(), path("work") + "/d\xe9", fs::copy_options::recursive
  );
  expect_works(quick_train("d\xe9", "run"), path("work"));
  fs::create_directory(path("elsewhere"));
  const std::string run = path("work") + "/run";
  expect_works({"train", "--resume", run, "--epochs=3"}, path("elsewhere"));
  expect_works({"report", run}, path("elsewhere"));
  expect_works(
      {"train", "--config", run + "/config.json", "--run-dir=again"},
      path("elsewhere")
  );
  // The name of the data does not depend on where a run goes on.
  EXPECT_EQ(
      file_text(fs::path(run) / "config.json").find("elsewhere"),
      std::string::npos
  );
}

TEST_F(OddPaths, AreNamedInMessagesWithoutTheirBytes) {
  const std::vector<Words> commands = {
      {"train", "--data", path("none")},
      {"train", "--resume", path("none")},
      {"train", "--config", path("none")},
      {"train", "--model", path("none")},
      {"sweep", "--resume", path("none")},
      {"eval", "--model", path("none")},
      {"eval", "--data", path("none")},
      {"export", path("none")},
      {"report", path("none")},
      {"visualize", "--model", path("none")},
      {"samples", "--data", path("none")},
      {"gradients", "--data", path("none")},
      {"classify", path("none")},
      {"classify", "--model", path("none"), "x.png"}};
  for (const Words& words : commands) {
    SCOPED_TRACE(words[0]);
    expect_refused(digitorch(words), 2, "caf\\xe9-none");
  }
}

}  // namespace
}  // namespace digitorch::testing

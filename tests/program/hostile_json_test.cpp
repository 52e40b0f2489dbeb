// Configurations, results and sweeps that are well-formed but false, given to
// the real program: each is refused in one line that names the file and the
// key, never called a bug of the program.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

void write_json_text(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

struct BadConfig {
  std::string text;
  std::string said;
};

TEST(ConfigFileTest, FalseContentIsRefusedNamingFileAndKey) {
  const std::vector<BadConfig> cases = {
      {"", "c.json: found no valid JSON"},
      {"[]", "c.json: found a list of 0 values; expected an object"},
      {"{}", "c.json: found no key 'options'"},
      {R"({"options":{"epochs":"ten"}})",
       "c.json: options.epochs: found \"ten\"; expected a whole number from 1"},
      {R"({"options":{"epochs":0}})", "c.json: options.epochs: found 0;"},
      {R"({"options":{"epochs":1.5}})", "c.json: options.epochs: found 1.5;"},
      {R"({"options":{"hidden":[[1]]}})", "c.json: options.hidden: found a"},
      {R"({"options":{"model":3}})", "c.json: options.model: found 3;"},
      {R"({"options":{"epocs":3}})",
       "c.json: options: found the unknown key 'epocs'; did you mean "
       "'epochs'?"},
      {R"({"option":{}})", "did you mean 'options'?"},
      {R"({"config_version":2,"options":{}})", "c.json: config_version: found"},
      {R"({"config_version":"1","options":{}})", "c.json: config_version:"},
      {R"({"config_version":1,"options":{},"data_sha256":5})",
       "c.json: data_sha256: found 5; expected a text"},
      {R"({"options":{},"data_sha256":"12"})", "c.json: data_sha256: found"},
      {R"({"options":{},"preset":["fast"]})", "c.json: preset: found a list"},
      {R"({"options":{"epochs":)" + std::string(100'000, '['),
       "c.json: found JSON nested over 32 levels deep"}};
  const TempDir folder;
  for (const BadConfig& bad : cases) {
    write_json_text(folder / "c.json", bad.text);
    const auto result = digitorch(
        {"train",
         "--data",
         trained_data().string(),
         "--config",
         "c.json",
         "--run-dir",
         "run"},
        {.working_dir = folder.path()}
    );
    expect_refused(result, 2, bad.said);
    EXPECT_EQ(result.err.find("json.exception"), std::string::npos);
    EXPECT_FALSE(fs::exists(folder / "run"));
  }
}

TEST(ConfigFileTest, PartOfOneWorksAndSaysWhichVersionItIsReadAs) {
  const TempDir folder;
  write_json_text(
      folder / "c.json", R"({"options":{"model":"mlp","hidden":[8]}})"
  );
  const auto result = digitorch(quick_train(
      trained_data(),
      folder / "run",
      {"--config=" + (folder / "c.json").string(), "--model=mlp", "--hidden=8"}
  ));
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(
      result.err.find("has no config_version; read as version 1"),
      std::string::npos
  ) << result.err;
}

TEST(ResultFileTest, FalseContentIsRefusedNamingFileAndKey) {
  const TempDir folder;
  json_of(digitorch(quick_train(trained_data(), folder / "run")));
  const fs::path file = folder / "run" / "result.json";
  const Json good = Json::parse(file_text(file));
  const std::vector<std::string> resume = {
      "train", "--resume", (folder / "run").string()};
  EXPECT_EQ(digitorch(resume).exit_code, 0);
  const std::vector<Json> wrong = {"a", -1, Json::array(), true};
  size_t turn = 0;
  for (const auto& [key, value] : good.items()) {
    Json bad = good;
    bad[key] = value.is_string() ? Json(3) : wrong[turn++ % wrong.size()];
    write_json_text(file, bad.dump());
    expect_refused(digitorch(resume), 2, "result.json: " + key + ": found");
  }
  write_json_text(file, "{");
  expect_refused(digitorch(resume), 2, "result.json: found no valid JSON");
}

TEST(SweepFileTest, FalseContentIsRefusedNamingFileAndKey) {
  const TempDir folder;
  const std::string sweep = (folder / "sweep").string();
  json_of(digitorch(
      {"sweep",
       "--grid",
       "lr=0.1,0.01",
       "--model=mlp",
       "--hidden=4",
       "--epochs=1",
       "--threads=1",
       "--device=cpu",
       "--format=json",
       "--data",
       trained_data().string(),
       "--run-dir",
       sweep}
  ));
  const fs::path file = folder / "sweep" / "sweep.json";
  const Json good = Json::parse(file_text(file));
  using Change = std::function<void(Json&)>;
  const std::vector<std::pair<Change, std::string>> cases = {
      {[](Json& j) { j = 3; }, "found 3; expected an object"},
      {[](Json& j) { j["sweep_version"] = 9; }, "sweep_version: found 9"},
      {[](Json& j) { j["plan"]["axes"] = Json::array(); },
       "plan: --grid: found nothing to vary"},
      {[](Json& j) { j["plan"]["axes"][0]["values"] = Json::array(); },
       "plan.axes[0].values: found a list of 0 values; expected values"},
      {[](Json& j) {
         j["plan"]["axes"][0]["values"] = {1, 2};
       },
       "plan.axes[0].values[0]: found 1"},
      {[](Json& j) { j["plan"]["axes"][0]["is_range"] = true; },
       "plan.axes[0].values: found a list of 2 values; expected a range"},
      {[](Json& j) { j["plan"]["axes"][0]["name"] = "data"; },
       "plan.axes[0].name: found \"data\"; expected an option of the network"},
      {[](Json& j) { j["plan"]["random"] = -1; }, "plan.random: found -1"},
      {[](Json& j) { j["plan"]["test"] = 1; }, "plan.test: found 1"},
      {[](Json& j) { j["plan"]["options"] = {3}; }, "plan.options[0]: found 3"},
      {[](Json& j) { j["plan"]["options"] = Json::parse(R"([["lr"]])"); },
       "plan.options[0]: found a list of 1 value"},
      {[](Json& j) { j["runs"][0]["point"] = {"7"}; }, "runs[0].point: found"},
      {[](Json& j) { j["runs"][0]["point"] = Json::array(); },
       "runs[0].point: found"},
      {[](Json& j) { j["runs"][0]["best_epoch"] = 1e6; },
       "runs[0].best_epoch: found 1000000.0"},
      {[](Json& j) { j["runs"].push_back(j["runs"][0]); }, "runs: found a"},
      {[](Json& j) { j["test_accuracy"] = "high"; }, "test_accuracy: found"}};
  for (const auto& [change, said] : cases) {
    Json bad = good;
    change(bad);
    write_json_text(file, bad.dump());
    expect_refused(
        digitorch({"sweep", "--resume", sweep}), 2, "sweep.json: " + said
    );
  }
}

}  // namespace
}  // namespace digitorch::testing

#include "app/training/distributed/rank_environment.h"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>

namespace digitorch {
namespace {

using Environment = std::map<std::string, std::string>;

std::optional<RankEnvironment> read(const Environment& variables) {
  return rank_environment(
      [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
      }
  );
}

Environment whole() {
  return {
      {"RANK", "3"},
      {"WORLD_SIZE", "4"},
      {"LOCAL_RANK", "1"},
      {"MASTER_ADDR", "node7"},
      {"MASTER_PORT", "29500"}};
}

std::string refusal(const Environment& variables) {
  try {
    read(variables);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(RankEnvironmentTest, WithoutVariablesTheProcessIsAlone) {
  EXPECT_FALSE(read({}).has_value());
  EXPECT_FALSE(read({{"TORCHELASTIC_RUN_ID", "x"}}).has_value());
}

TEST(RankEnvironmentTest, ReadsWhatTorchrunSets) {
  Environment variables = whole();
  const auto plain = read(variables);
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->rank, 3);
  EXPECT_EQ(plain->size, 4);
  EXPECT_EQ(plain->local_rank, 1);
  EXPECT_EQ(plain->master_address, "node7");
  EXPECT_EQ(plain->master_port, 29500);
  EXPECT_FALSE(plain->launcher_has_store);
  EXPECT_EQ(plain->restarts, 0);
  variables["TORCHELASTIC_USE_AGENT_STORE"] = "True";
  variables["TORCHELASTIC_RESTART_COUNT"] = "2";
  const auto elastic = read(variables);
  EXPECT_TRUE(elastic->launcher_has_store);
  EXPECT_EQ(elastic->restarts, 2);
}

TEST(RankEnvironmentTest, HalfASetIsRefusedWithWhatIsMissing) {
  for (const auto& [name, value] : whole()) {
    Environment variables = whole();
    variables.erase(name);
    const std::string message = refusal(variables);
    EXPECT_NE(message.find("but not " + name + ";"), std::string::npos)
        << message;
  }
  EXPECT_NE(refusal({{"RANK", "0"}}).find("MASTER_PORT"), std::string::npos);
}

TEST(RankEnvironmentTest, ValuesThatDoNotFitAreRefusedByName) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"MASTER_PORT", "99999"},
      {"MASTER_PORT", "0"},
      {"MASTER_PORT", "29500x"},
      {"RANK", "4"},
      {"RANK", "-1"},
      {"RANK", ""},
      {"WORLD_SIZE", "0"},
      {"WORLD_SIZE", "two"},
      {"LOCAL_RANK", "4"},
      {"MASTER_ADDR", ""},
      {"TORCHELASTIC_RESTART_COUNT", "-1"}};
  for (const auto& [name, value] : wrong) {
    Environment variables = whole();
    variables[name] = value;
    const std::string message = refusal(variables);
    EXPECT_TRUE(message.starts_with(name + ": found")) << message;
    EXPECT_NE(message.find("expected"), std::string::npos) << message;
  }
}

}  // namespace
}  // namespace digitorch

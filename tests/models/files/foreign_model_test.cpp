#include "models/files/foreign_model.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace digitorch {
namespace {

using namespace std::string_literals;

std::string number(std::size_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i)
    text += static_cast<char>(value >> (8 * i) & 0xFF);
  return text;
}

/// A ZIP archive of empty files: its directory alone, behind a first signature.
std::string zip_of(const std::vector<std::string>& names) {
  std::string bytes = "PK\3\4 and the files";
  const std::size_t start = bytes.size();
  for (const std::string& name : names)
    bytes += "PK\1\2" + std::string(24, '\0') + number(name.size(), 2) +
             std::string(16, '\0') + name;
  const std::size_t size = bytes.size() - start;
  return bytes + "PK\5\6" + std::string(8, '\0') + number(size, 4) +
         number(start, 4) + "\0\0"s;
}

TEST(ForeignModelTest, KnowsWhatPythonWrites) {
  EXPECT_NE(
      foreign_model(zip_of({"m/data.pkl", "m/data/0"})).what.find("torch.save"),
      std::string::npos
  );
  EXPECT_NE(
      foreign_model("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46").what.find("torch.save"),
      std::string::npos
  );
  EXPECT_NE(
      foreign_model(zip_of({"m/archive_format", "m/models/model.json"}))
          .what.find("torch.export"),
      std::string::npos
  );
  const std::string script = zip_of({"m/data.pkl", "m/code/__torch__.py"});
  EXPECT_TRUE(is_torchscript_archive(script));
  EXPECT_EQ(foreign_model(script).what, "TorchScript, which is code");
  EXPECT_FALSE(is_torchscript_archive(zip_of({"m/data.pkl"})));
}

TEST(ForeignModelTest, KnowsOtherFormats) {
  EXPECT_EQ(
      foreign_model(number(2, 8) + "{}weights").what,
      "safetensors that hold weights but describe no network"
  );
  EXPECT_EQ(foreign_model("\x08\x09\x12\x07pytorch:"s).what, "a model in ONNX");
  EXPECT_EQ(
      foreign_model("\x89HDF\r\n\x1a\n"s).what, "an HDF5 file, as Keras writes"
  );
}

TEST(ForeignModelTest, LeavesOwnAndUnknownFilesToOthers) {
  const std::string header =
      R"({"__metadata__":{"format":"digitorch checkpoint"}})";
  EXPECT_EQ(foreign_model(number(header.size(), 8) + header + "x").what, "");
  EXPECT_EQ(foreign_model("").what, "");
  EXPECT_EQ(foreign_model("GIF89a").what, "");
}

TEST(ForeignModelTest, SurvivesDirectoriesThatLeadAnywhere) {
  std::string archive = zip_of({"m/data.pkl"});
  for (std::size_t i = 0; i < archive.size(); ++i)
    for (const char byte : {'\0', '\xFF'}) {
      std::string damaged = archive;
      damaged[i] = byte;
      foreign_model(damaged);
      foreign_model(damaged.substr(0, i));
    }
  EXPECT_EQ(foreign_model(archive).hint.empty(), false);
}

}  // namespace
}  // namespace digitorch

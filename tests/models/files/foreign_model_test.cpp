#include "models/files/foreign_model.h"

#include <gtest/gtest.h>

#include <string>

namespace digitorch {
namespace {

std::string what_is(const std::string& bytes) {
  return foreign_model(bytes).value_or("known");
}

std::string zip_of(const std::string& entry) {
  return "PK\x03\x04 some header " + entry + " and so on";
}

TEST(ForeignModelTest, FilesOfPythonAreNamed) {
  const auto names = [](const std::string& bytes, const std::string& part) {
    return what_is(bytes).find(part) != std::string::npos;
  };
  EXPECT_TRUE(names(zip_of("m/data.pkl"), "state dict (.pth)"));
  EXPECT_TRUE(names("\x80\x02\x8a\x0a", "state dict (.pth)"));
  EXPECT_TRUE(names(zip_of("m/archive_format"), ".pt2"));
  EXPECT_TRUE(names(zip_of("word/document.xml"), "ZIP archive"));
}

TEST(ForeignModelTest, TorchScriptAndOtherBytesAreLeftToTheirReaders) {
  EXPECT_EQ(what_is(zip_of("m/data.pkl m/constants.pkl")), "known");
  EXPECT_EQ(what_is("\x10\0\0\0\0\0\0\0{}"), "known");
  EXPECT_EQ(what_is(""), "known");
}

}  // namespace
}  // namespace digitorch

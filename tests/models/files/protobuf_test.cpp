#include "models/files/protobuf.h"

#include <gtest/gtest.h>

namespace digitorch {
namespace {

std::string bytes(std::initializer_list<int> values) {
  return {values.begin(), values.end()};
}

// The expected bytes of the first two tests are those of the examples in the
// description of the format.
TEST(ProtobufTest, NumberIsWrittenSevenBitsAByte) {
  EXPECT_EQ(ProtobufMessage().number(1, 150).bytes(), bytes({8, 0x96, 1}));
  EXPECT_EQ(ProtobufMessage().number(1, 0).bytes(), bytes({8, 0}));
  EXPECT_EQ(ProtobufMessage().number(1, 127).bytes(), bytes({8, 127}));
  EXPECT_EQ(ProtobufMessage().number(1, 128).bytes(), bytes({8, 0x80, 1}));
  // Negative numbers of type int64 take ten bytes.
  EXPECT_EQ(
      ProtobufMessage().number(1, static_cast<uint64_t>(-1)).bytes().size(), 11
  );
}

TEST(ProtobufTest, TextAndMessageHaveTheirLengthBefore) {
  EXPECT_EQ(
      ProtobufMessage().text(2, "testing").bytes(), bytes({0x12, 7}) + "testing"
  );
  EXPECT_EQ(
      ProtobufMessage().add(3, ProtobufMessage().number(1, 150)).bytes(),
      bytes({0x1a, 3, 8, 0x96, 1})
  );
  const std::string long_text(200, 'x');
  EXPECT_EQ(
      ProtobufMessage().text(2, long_text).bytes(),
      bytes({0x12, 0xc8, 1}) + long_text
  );
}

TEST(ProtobufTest, FieldNumbersFromSixteenTakeTwoBytes) {
  EXPECT_EQ(ProtobufMessage().number(20, 7).bytes(), bytes({0xa0, 1, 7}));
}

TEST(ProtobufTest, RealNumbersAreLittleEndian) {
  EXPECT_EQ(
      ProtobufMessage().real32(2, 1.0F).bytes(), bytes({0x15, 0, 0, 0x80, 0x3f})
  );
  EXPECT_EQ(
      ProtobufMessage().real64(1, -2.0).bytes(),
      bytes({9, 0, 0, 0, 0, 0, 0, 0, 0xc0})
  );
}

}  // namespace
}  // namespace digitorch

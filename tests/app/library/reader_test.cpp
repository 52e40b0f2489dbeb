#include <digitorch/reader.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <thread>

#include "tests/support/pictures.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

/// Two lines of printed digits, black on white.
cv::Mat draw_page() {
  cv::Mat page(300, 420, CV_8U, cv::Scalar(255));
  for (const auto& [text, y] : {std::pair{"1234567", 100}, {"2357", 220}})
    cv::putText(
        page, text, {40, y}, cv::FONT_HERSHEY_SIMPLEX, 2, cv::Scalar(0), 4
    );
  return page;
}

/// What the program prints of the picture, as JSON.
nlohmann::json classify(const std::vector<std::string>& words) {
  std::vector<std::string> all = {
      DIGITORCH_BINARY, "classify", "--format=json", "--top-k=10"};
  all.insert(all.end(), words.begin(), words.end());
  const ProcessResult result = run(all);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  return nlohmann::json::parse(result.out);
}

nlohmann::json to_json(const DigitAnswer& answer) {
  nlohmann::json list = nlohmann::json::array();
  for (const RankedClass& each : answer.classes)
    list.push_back({{"label", each.label}, {"probability", each.probability}});
  return {
      {"label", answer.label()},
      {"probability", answer.probability()},
      {"predictions", list},
      {"blank", answer.blank},
      {"unsure", answer.unsure}};
}

nlohmann::json to_json(const PageAnswer& answer) {
  nlohmann::json list = nlohmann::json::array();
  for (const FoundDigit& digit : answer.digits)
    list.push_back(
        {{"box", {digit.x, digit.y, digit.width, digit.height}},
         {"label", digit.label},
         {"probability", digit.probability},
         {"unsure", digit.unsure},
         {"line", digit.line},
         {"word", digit.word},
         {"sign", digit.sign}}
    );
  return {{"text", answer.text}, {"digits", list}};
}

std::vector<std::uint8_t> bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

PixelView view_of(const cv::Mat& image) {
  const auto size = static_cast<std::size_t>(image.dataend - image.datastart);
  return {
      .bytes = {image.data, size},
      .width = image.cols,
      .height = image.rows,
      .channels = image.channels(),
      .stride = image.step};
}

/// Expects an Error of this kind that says `part`.
template <class Kind, class Action>
void expect_error(const Action& action, const std::string& part) {
  try {
    action();
    FAIL() << "nothing was thrown; expected " << part;
  } catch (const Kind& error) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos)
        << error.what();
  }
}

class ReaderTest : public ::testing::Test {
 protected:
  static fs::path write(const std::string& name, const cv::Mat& image) {
    const fs::path path = folder() / name;
    EXPECT_TRUE(cv::imwrite(path.string(), image));
    return path;
  }

  static const TempDir& folder() {
    static const TempDir made;
    return made;
  }

  static const Reader& reader() {
    static const Reader opened;
    return opened;
  }
};

TEST_F(ReaderTest, AnswersAsClassifyDoes) {
  cv::Mat faint = draw_digit(300);
  faint = 150 + faint / 8;
  for (const fs::path& path :
       {write("digit.png", draw_digit(200)), write("faint.png", faint)}) {
    nlohmann::json expected = classify({path.string()});
    expected.erase("path");
    EXPECT_EQ(to_json(reader().read_digit(path)), expected);
  }
  const fs::path page = write("page.png", draw_page());
  const nlohmann::json expected = classify({"--page", page.string()});
  const nlohmann::json found = to_json(reader().read_page(page));
  EXPECT_EQ(found["text"], expected["text"]);
  ASSERT_EQ(found["digits"].size(), 11U);
  ASSERT_EQ(expected["digits"].size(), 11U);
  for (std::size_t i = 0; i < 11; ++i)
    for (const auto& [key, value] : found["digits"][i].items())
      EXPECT_EQ(value, expected["digits"][i].at(key)) << i << ' ' << key;
}

TEST_F(ReaderTest, OpensCheckpoints) {
  const fs::path model = fs::path(GOLDEN_FOLDER) / "v1_mlp.safetensors";
  const fs::path path = write("digit.png", draw_digit(200));
  nlohmann::json expected =
      classify({"--model", model.string(), path.string()});
  expected.erase("path");
  const Reader other(model);
  EXPECT_EQ(to_json(other.read_digit(path)), expected);
  EXPECT_EQ(other.labels().size(), expected["predictions"].size());
}

TEST_F(ReaderTest, TakesFilesTheirContentAndPixels) {
  const cv::Mat grey = draw_digit(90);
  const nlohmann::json expected =
      to_json(reader().read_digit(write("grey.png", grey)));
  const auto content = bytes_of(encode(".png", grey));
  EXPECT_EQ(to_json(reader().read_digit(content)), expected);
  EXPECT_EQ(to_json(reader().read_digit(view_of(grey))), expected);
  EXPECT_EQ(
      to_json(reader().read_page(content)),
      to_json(reader().read_page(view_of(grey)))
  );
  // Rows that lie apart, of which the last ends with its pixels.
  cv::Mat wide(90, 150, CV_8U, cv::Scalar(7));
  grey.copyTo(wide.colRange(0, 90));
  EXPECT_EQ(
      to_json(reader().read_digit(
          {.bytes = {wide.data, 89 * 150 + 90},
           .width = 90,
           .height = 90,
           .stride = 150}
      )),
      expected
  );
  EXPECT_EQ(
      reader()
          .read_digit(PixelView{.bytes = bytes_of(" "), .width = 1, .height = 1}
          )
          .blank,
      true
  );
}

TEST_F(ReaderTest, ColoursAreRedFirst) {
  // Red ink on blue paper: by brightness they are far apart in one order only.
  cv::Mat bgr(90, 90, CV_8UC3, cv::Scalar(255, 190, 60));
  bgr.setTo(cv::Scalar(20, 0, 200), draw_digit(90) < 128);
  const nlohmann::json expected =
      to_json(reader().read_digit(write("colour.png", bgr)));
  cv::Mat rgb, rgba;
  cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
  cv::cvtColor(bgr, rgba, cv::COLOR_BGR2RGBA);
  EXPECT_EQ(to_json(reader().read_digit(view_of(rgb))), expected);
  EXPECT_EQ(to_json(reader().read_digit(view_of(rgba))), expected);
}

TEST_F(ReaderTest, SaysWhatIsWrongWithAPicture) {
  const auto digit = [](const auto& picture) {
    return [&] { reader().read_digit(picture); };
  };
  expect_error<BadInput>(
      digit(folder() / "missing.png"), (folder() / "missing.png").string()
  );
  const std::string whole = encode(".png", draw_digit(60));
  const auto cut = bytes_of(whole.substr(0, whole.size() / 2));
  expect_error<BadInput>(digit(cut), "the picture: ");
  expect_error<BadInput>(digit(bytes_of("")), "the picture: ");
  expect_error<BadInput>([&] { reader().read_page(cut); }, "the picture: ");
  const std::vector<std::uint8_t> bytes(100);
  for (const PixelView& view : std::vector<PixelView>{
           {.bytes = bytes},
           {.bytes = bytes, .width = 11, .height = 10},
           {.bytes = bytes, .width = 10, .height = 10, .stride = 11},
           {.bytes = bytes, .width = 10, .height = 1, .stride = 9},
           {.bytes = bytes, .width = 5, .height = 5, .channels = 2},
           {.bytes = bytes, .width = 100000, .height = 100000}})
    expect_error<BadInput>(digit(view), "the pixels: found ");
}

TEST_F(ReaderTest, SaysWhatIsWrongWithAModel) {
  const auto open = [](const fs::path& model) {
    return [=] { const Reader opened(model); };
  };
  const fs::path missing = folder() / "missing.safetensors";
  expect_error<BadInput>(open(missing), missing.string());
  expect_error<BadInput>(open(folder().path()), "best.safetensors");
  const fs::path damaged = folder() / "damaged.safetensors";
  fs::copy_file(fs::path(GOLDEN_FOLDER) / "v1_mlp.safetensors", damaged);
  fs::resize_file(damaged, fs::file_size(damaged) / 2);
  expect_error<Error>(open(damaged), damaged.string());
}

TEST_F(ReaderTest, ManyThreadsGetTheAnswersOfOne) {
  std::vector<cv::Mat> pictures;
  for (int side = 40; side <= 180; side += 20)
    pictures.push_back(draw_digit(side));
  std::vector<nlohmann::json> expected;
  for (const cv::Mat& picture : pictures)
    expected.push_back(to_json(reader().read_digit(view_of(picture))));
  const nlohmann::json page = to_json(reader().read_page(view_of(draw_page())));
  std::vector<int> different(8);
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < different.size(); ++t)
      threads.emplace_back([&, t, own = reader()] {
        const Reader& used = t % 2 == 0 ? own : reader();
        for (std::size_t i = 0; i < 3 * pictures.size(); ++i) {
          const std::size_t which = (i + t) % pictures.size();
          const auto found = used.read_digit(view_of(pictures[which]));
          different[t] += to_json(found) != expected[which];
        }
        if (t < 2)
          different[t] += to_json(used.read_page(view_of(draw_page()))) != page;
      });
  }
  EXPECT_EQ(different, std::vector<int>(different.size()));
}

TEST_F(ReaderTest, KnowsItsLabels) {
  const std::vector<std::string> digits = {
      "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
  EXPECT_EQ(reader().labels(), digits);
}

}  // namespace
}  // namespace digitorch::testing

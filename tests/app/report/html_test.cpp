#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <stdexcept>

#include "app/report/drawing/base64.h"
#include "app/report/html/lesson.h"
#include "app/report/html/report.h"
#include "app/report/html/template.h"
#include "app/report/html/training.h"
#include "app/training/options.h"
#include "models/files/sha256.h"
#include "models/options/fields_json.h"

namespace digitorch {
namespace {

/// Picture i has class labels[i] and is read as read[i] with 3 of 4.
ReportContent content_of(
    const std::vector<std::string>& names,
    const std::vector<int64_t>& labels,
    const std::vector<int64_t>& read
) {
  const auto count = static_cast<int64_t>(labels.size());
  const auto classes = static_cast<int64_t>(names.size());
  const auto truth = torch::tensor(labels);
  const auto answers = torch::tensor(read).unsqueeze(1);
  const auto others = 0.25 / static_cast<double>(classes - 1);
  const auto probabilities =
      torch::full({count, classes}, others).scatter(1, answers, 0.75);
  return {
      .title = "a run",
      .summary = "mlp",
      .facts = {"a set"},
      .class_names = names,
      .evaluation = evaluation_of(probabilities.log(), truth),
      .images = torch::zeros({count, 1, 28, 28}, torch::kUInt8)};
}

ReportContent small_content() {
  return content_of({"ant", "bee", "cat"}, {0, 1, 1, 1, 2}, {0, 1, 2, 2, 2});
}

std::vector<std::string> all_matches(
    const std::string& text, const std::string& pattern, size_t group = 0
) {
  const std::regex regex(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator each(text.begin(), text.end(), regex), end;
       each != end;
       ++each)
    found.push_back((*each)[group]);
  return found;
}

std::string between(
    const std::string& text, const std::string& from, const std::string& to
) {
  const size_t start = text.find(from) + from.size();
  return text.substr(start, text.find(to, start) - start);
}

/// The page without what its <style> and <script> elements hold.
std::string markup_of(const std::string& html) {
  std::string markup = html;
  for (const std::string name : {"style", "script"})
    for (size_t start = 0;
         (start = markup.find("<" + name, start)) != std::string::npos;) {
      start = markup.find('>', start) + 1;
      markup.erase(start, markup.find("</" + name, start) - start);
    }
  return markup;
}

/// The first end tag that closes nothing, or start tag left open; "" for none.
std::string unbalanced_tag(const std::string& html) {
  const std::set<std::string> without_end = {"meta", "link", "img"};
  std::vector<std::string> open;
  for (const std::string& tag :
       all_matches(markup_of(html), "<(/?[a-zA-Z][a-zA-Z0-9]*[^>]*)>", 1)) {
    const std::string name = tag.substr(0, tag.find_first_of(" \n/", 1));
    if (name[0] != '/') {
      if (!without_end.contains(name) && !tag.ends_with('/'))
        open.push_back(name);
    } else if (open.empty() || "/" + open.back() != name) {
      return name;
    } else {
      open.pop_back();
    }
  }
  return open.empty() ? "" : open.back();
}

TEST(HtmlReportTest, EveryTagIsClosedAndEveryIdIsUsedOnce) {
  ReportContent content = small_content();
  content.config = {{"options", {{"lr", 0.1}}}};
  content.history.epochs = {
      {.epoch = 1, .train_loss = 1, .train_accuracy = 0.5, .samples = 10}};
  content.network_figures = {{"Layers", "note", {{20, 20}, {}}}};
  const std::string html = html_report(content);
  EXPECT_EQ(unbalanced_tag(html), "");
  const auto ids = all_matches(html, " id=\"([^\"]*)\"", 1);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
  EXPECT_EQ(html.find("{{"), std::string::npos);
}

TEST(HtmlReportTest, NoAddressLeadsOutOfTheFile) {
  const std::string html = html_report(small_content());
  EXPECT_FALSE(all_matches(html, "(src|href)=\"(data:|#)").empty());
  EXPECT_TRUE(all_matches(html, "(src|href)=\"(?!data:|#)[^\"]*").empty());
  EXPECT_EQ(html.find("url("), std::string::npos);
  EXPECT_EQ(html.find("@import"), std::string::npos);
}

TEST(HtmlReportTest, NamesThatAreMarkupStayText) {
  const std::string evil = "</script><script>alert(1)</script>";
  ReportContent content =
      content_of({evil, "\" onclick=\"x", "\xff'&"}, {0, 1, 2}, {1, 2, 0});
  content.title = content.summary = content.facts[0] = evil;
  content.config = {{"options", {{evil, evil}}}};
  content.network_figures = {{evil, evil, {{20, 20}, {}}}};
  const std::string html = html_report(content);
  // The data and the program are the page's own two scripts.
  EXPECT_EQ(all_matches(html, "<script").size(), 2);
  EXPECT_EQ(all_matches(html, "</script").size(), 2);
  EXPECT_EQ(html.find("\" onclick=\"x"), std::string::npos);
  EXPECT_NE(html.find("\\xff&apos;&amp;"), std::string::npos);
  EXPECT_EQ(unbalanced_tag(html), "");
}

TEST(HtmlReportTest, PolicyAllowsTheScriptThatThePageHolds) {
  const std::string html = html_report(small_content());
  const std::string script = between(html, "<script>", "</script>");
  EXPECT_EQ(between(html, "script-src 'sha256-", "'"), base64(sha256(script)));
}

TEST(HtmlReportTest, EveryCellOfMistakesIsAButtonAndNoOtherIs) {
  const std::string html = html_report(small_content());
  EXPECT_EQ(
      all_matches(html, "<button type=\"button\"[^>]*>[^<]*"),
      std::vector<std::string>{"<button type=\"button\" id=\"cell-1-2\" "
                               "aria-label=\"bee read as cat: 2 pictures\" "
                               "title=\"bee read as cat: 2 pictures\">2"}
  );
}

TEST(HtmlReportTest, HoldsTheSurestMistakesAndSaysWhatItLeavesOut) {
  const size_t all = kMaxMistakes + 7;
  const std::string html = html_report(content_of(
      {"0", "1"}, std::vector<int64_t>(all, 0), std::vector<int64_t>(all, 1)
  ));
  const auto data =
      nlohmann::json::parse(between(html, "id=\"mistake-data\">", "</script>"));
  EXPECT_EQ(data["names"], nlohmann::json({"0", "1"}));
  ASSERT_EQ(data["pictures"].size(), kMaxMistakes);
  EXPECT_EQ(data["pictures"][5]["index"], 5);
  EXPECT_EQ(data["pictures"][5]["answer"], 1);
  EXPECT_EQ(data["pictures"][5]["probability"], "75.0 %");
  EXPECT_NE(
      html.find("the 2,000 most confident of all 2,007"), std::string::npos
  );
}

TEST(HtmlReportTest, LeavesOutWhatIsNotKnown) {
  const std::string html = html_report(content_of({"0", "1"}, {0, 1}, {0, 1}));
  EXPECT_EQ(html.find("id=\"learning\""), std::string::npos);
  EXPECT_EQ(html.find("id=\"configuration\""), std::string::npos);
  EXPECT_EQ(html.find("<button type"), std::string::npos);
  EXPECT_NE(html.find("every picture was read right"), std::string::npos);
}

TEST(HtmlReportTest, TellsTimesOnlyWhereTheyWereKept) {
  ReportContent content = small_content();
  content.history.epochs = {{.epoch = 1, .samples = 3000}};
  EXPECT_EQ(html_report(content).find("pictures/s"), std::string::npos);
  content.history.epochs[0].seconds = 2;
  const std::string html = html_report(content);
  EXPECT_NE(html.find("1 epoch, 1,500 pictures/s"), std::string::npos);
  EXPECT_NE(html.find("<td>2.00</td><td>1,500</td>"), std::string::npos);
}

TEST(HtmlReportTest, TellsHowTheNetworkWasTrained) {
  ReportContent content = small_content();
  content.config = {{"options", {{"lr", 0.1}}}};
  content.command = "digitorch train --lr=0.1";
  content.config_path = "runs/a/config.json";
  content.training_counts = {1200, 7, 8};
  content.training_samples = {
      {torch::zeros({1, 28, 28}, torch::kUInt8), "ant"}};
  const std::string html = html_report(content);
  EXPECT_NE(
      html.find("<pre>digitorch train --lr=0.1</pre>"), std::string::npos
  );
  EXPECT_NE(html.find("--config runs/a/config.json"), std::string::npos);
  EXPECT_NE(html.find("training pictures</th>"), std::string::npos);
  EXPECT_NE(html.find("ant</th><td>1,200</td><td>1</td>"), std::string::npos);
  EXPECT_NE(html.find("alt=\"a training picture of ant\""), std::string::npos);
  EXPECT_EQ(html.find("mixed in pairs"), std::string::npos);
  content.mixed = true;
  EXPECT_NE(html_report(content).find("mixed in pairs"), std::string::npos);
  EXPECT_EQ(unbalanced_tag(html), "");
}

TEST(HtmlReportTest, FoldsAwayWhatIsSeldomLookedAt) {
  ReportContent content = small_content();
  content.network_figures = {
      {"Layers", "", {{20, 20}, {}}}, {"More", "", {{20, 20}, {}}, true}};
  const std::string html = html_report(content);
  EXPECT_NE(html.find("<h3>Layers</h3>"), std::string::npos);
  EXPECT_NE(html.find("<details><summary>More</summary>"), std::string::npos);
  EXPECT_EQ(unbalanced_tag(html), "");
}

TEST(HtmlReportTest, NamesTheFilesOfMistakes) {
  ReportContent content = small_content();
  EXPECT_NE(html_report(content).find("title=\"\">#2<"), std::string::npos);
  content.files = {"ant/a.png", "bee/b.png", "bee/<c>.png", "d.png", "e.png"};
  const std::string html = html_report(content);
  EXPECT_NE(
      html.find("title=\"bee/&lt;c&gt;.png\">&lt;c&gt;.png<"), std::string::npos
  );
  EXPECT_EQ(html.find(">#2<"), std::string::npos);
}

TEST(HtmlReportTest, ComparesTheCurvesOfTwoRuns) {
  ReportContent content = small_content();
  const EpochReport epoch{.epoch = 1, .train_loss = 1, .samples = 10};
  content.history.epochs = {epoch};
  EXPECT_EQ(html_report(content).find("Compared with"), std::string::npos);
  content.compared = {{"runs/a", {epoch}}, {"runs/b", {epoch, epoch}}};
  const std::string html = html_report(content);
  EXPECT_NE(html.find("Compared with other runs"), std::string::npos);
  EXPECT_NE(html.find(">runs/b</text>"), std::string::npos);
}

TEST(TrainingTest, TheCommandHoldsWhatDiffersFromTheDefaults) {
  TrainOptions train;
  nlohmann::json options = to_json(fields(train));
  options.update({{"model", "scratch"}, {"data", "my pictures"}, {"threads", 2}}
  );
  EXPECT_EQ(
      command_of({{"options", options}}),
      "digitorch train --data='my pictures' --model=scratch"
  );
  options["epochs"] = 3;
  options["hidden"] = {64, 32};
  EXPECT_EQ(
      command_of({{"options", options}}),
      "digitorch train --data='my pictures' --epochs=3 --hidden=64,32 "
      "--model=scratch"
  );
  EXPECT_EQ(command_of(nullptr), "");
}

TEST(TrainingTest, PicturesAreSeenWithTheAugmentationOfTheRun) {
  const ImageSet train{
      torch::randint(256, {9, 1, 28, 28}, torch::kUInt8),
      torch::tensor({0, 0, 0, 0, 2, 2, 2, 2, 2}, torch::kInt64),
      {"ant", "bee", "cat"}};
  EXPECT_EQ(class_counts(train), (std::vector<int64_t>{4, 0, 5}));
  const nlohmann::json plain = {{"options", {{"augment", "none"}}}};
  const auto seen = seen_pictures(train, plain, 3);
  ASSERT_EQ(seen.size(), 3U);  // first one of each class, then a second
  EXPECT_EQ(seen[0].name, "ant");
  EXPECT_EQ(seen[1].name, "cat");
  EXPECT_EQ(seen[2].name, "ant");
  EXPECT_TRUE(seen[1].pixels.equal(train.images[4]));
  const nlohmann::json affine = {{"options", {{"augment", "affine"}}}};
  const auto changed = seen_pictures(train, affine, 3);
  EXPECT_FALSE(changed[1].pixels.equal(train.images[4]));
  EXPECT_EQ(changed[1].pixels.scalar_type(), torch::kUInt8);
}

TEST(TrainingTest, ConfigurationsTellWhetherPicturesWereMixed) {
  EXPECT_TRUE(mixes({{"options", {{"mixup", 0.2}}}}));
  EXPECT_FALSE(mixes({{"options", {{"mixup", 0}}}}));
  EXPECT_FALSE(mixes({{"options", {{"mixup", "0.2"}}}}));
  EXPECT_FALSE(mixes({{"options", {{"augment", "none"}}}}));
  EXPECT_FALSE(mixes(nullptr));
}

TEST(HtmlLessonTest, HoldsItsTablesAndNoScript) {
  const std::string html = html_lesson(
      {"A <step>",
       "two units",
       {"done"},
       {{"t", "a = b", {"x"}, {{"1"}}}},
       {{20, 20}, {}}}
  );
  EXPECT_NE(html.find("A &lt;step&gt;"), std::string::npos);
  EXPECT_NE(html.find("<td>1</td>"), std::string::npos);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(unbalanced_tag(html), "");
}

TEST(HtmlReportTest, AHundredClassesHaveACellForEachPair) {
  std::vector<std::string> names;
  std::vector<int64_t> labels;
  for (int64_t c = 0; c < 100; ++c) {
    names.push_back("class " + std::to_string(c));
    labels.push_back(c);
  }
  const std::string html = html_report(content_of(names, labels, labels));
  const std::string table =
      between(html, "<table class=\"confusion long\"", "</table>");
  EXPECT_EQ(all_matches(table, "<td[> ]").size(), 100 * 100 + 1);
  EXPECT_EQ(unbalanced_tag(html), "");
}

TEST(HtmlTemplateTest, EscapesTextAndRefusesABrokenTemplate) {
  EXPECT_EQ(
      fill_template(
          "{{a}} {{{a}}} {{n}}{{#no}}x{{/no}}",
          {{"a", "<\"&"}, {"n", 3}, {"no", nullptr}}
      ),
      "&lt;&quot;&amp; <\"& 3"
  );
  EXPECT_THROW(fill_template("{{#open}}", {}), std::logic_error);
}

TEST(Base64Test, PadsAsTheStandardsExamplesDo) {
  // RFC 4648, section 10.
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace digitorch

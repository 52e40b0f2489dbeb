// ONNX files of every kind of network, read by OpenCV.
// tests/python/onnx_test.py gives them to ONNX's own checker and to ONNX
// Runtime.
#include "models/files/export_onnx.h"

#include <gtest/gtest.h>

#include <opencv2/core.hpp>

#include "models/files/export_format.h"
#include "models/files/onnx_logits.h"
#include "models/networks/activation.h"
#include "tests/support/samples.h"

namespace digitorch {
namespace {

/// Of the logits for `count` random pictures.
double onnx_difference(const ModelSpec& spec, int64_t count) {
  const Checkpoint checkpoint = testing::checkpoint_of(spec);
  return difference_from(
             *restore(checkpoint, "file"),
             export_format_named("onnx"),
             export_onnx(checkpoint, ""),
             testing::random_images(count)
  )
      .relative;
}

TEST(ExportOnnxTest, AnswersAsTheNetworkForEveryActivation) {
  for (const Activation& activation : activations())
    for (const bool batch_norm : {false, true}) {
      const ModelSpec mlp{
          .network = MlpOptions{
              .hidden = {20, 9},
              .activation = activation.name,
              .dropout = 0.5,
              .batch_norm = batch_norm}};
      EXPECT_LE(onnx_difference(mlp, 7), 1e-6)
          << activation.name << ' ' << batch_norm;
      const ModelSpec scratch{
          .network =
              ScratchOptions{.hidden = {20, 9}, .activation = activation.name}};
      EXPECT_LE(onnx_difference(scratch, 7), 1e-6) << activation.name;
    }
}

TEST(ExportOnnxTest, AnswersAsTheNetworkForEveryFormOfConvolution) {
  const CnnOptions forms[] = {
      {.channels = {}, .hidden = {}},
      {.channels = {4}, .kernel = {4}, .pool = {1}, .padding = "valid"},
      {.crop = 2, .channels = {4}, .kernel = {5}, .padding = "valid"},
      {.crop = 5, .channels = {}, .hidden = {6}},
      // Pooling leaves pixels over at the right and at the bottom.
      {.channels = {3, 4}, .kernel = {3, 5}, .pool = {3, 2}, .hidden = {6, 5}},
      {.channels = {3, 4},
       .kernel = {1, 7},
       .pool = {2},
       .conv_dropout = 0.3,
       .batch_norm = true}};
  for (const CnnOptions& options : forms) {
    const ModelSpec spec{
        .network = options, .classes = 3, .mean = 0.25, .std_dev = 0.5};
    EXPECT_LE(onnx_difference(spec, 7), 1e-6) << summary(spec);
  }
}

TEST(ExportOnnxTest, BatchesMayHaveAnySize) {
  for (const int64_t count : {1, 2, 255, 256, 257, 600})
    EXPECT_LE(onnx_difference(testing::tiny_cnn(), count), 1e-6) << count;
}

TEST(ExportOnnxTest, BytesThatAreNoOnnxAreRefused) {
  EXPECT_THROW(
      onnx_logits("no ONNX file", testing::random_images(1)), cv::Exception
  );
}

TEST(ExportOnnxTest, ClassNamesThatAreNotUtf8DoNotStopTheExport) {
  Checkpoint checkpoint = testing::checkpoint_of(testing::tiny_mlp());
  checkpoint.class_names[1] = "\xff";
  const std::string bytes = export_onnx(checkpoint, "0123abcd");
  for (const char* part :
       {"class_names", "\\\\xff", "checkpoint_sha256", "0123abcd"})
    EXPECT_NE(bytes.find(part), std::string::npos) << part;
}

}  // namespace
}  // namespace digitorch

#include "datasets/degrade.h"

#include <gtest/gtest.h>

#include <cmath>

#include "datasets/generator.h"
#include "tests/support/synthetic.h"

namespace digitorch {
namespace {

/// Black but for a white rectangle, ends included.
torch::Tensor block(int64_t top, int64_t left, int64_t bottom, int64_t right) {
  torch::Tensor image = torch::zeros({1, 1, 28, 28});
  image.slice(2, top, bottom + 1).slice(3, left, right + 1).fill_(1);
  return image;
}

/// One stroke in one picture: level, in the middle, white.
Strokes level(double length, double width) {
  const auto one = [](double value) {
    return torch::full({1, 1}, value, torch::kFloat32);
  };
  return {
      .x = one(0),
      .y = one(0),
      .degrees = one(0),
      .length = one(length),
      .width = one(width),
      .strength = one(1)};
}

TEST(ChangeStrokeTest, GrowsAndShrinksByAPixelAllRound) {
  const torch::Tensor square = block(10, 10, 14, 14);
  EXPECT_TRUE(
      torch::equal(change_stroke(square, torch::ones(1)), block(9, 9, 15, 15))
  );
  EXPECT_TRUE(torch::equal(
      change_stroke(square, -torch::ones(1)), block(11, 11, 13, 13)
  ));
}

TEST(ChangeStrokeTest, BlendsByTheAmount) {
  const torch::Tensor square = block(10, 10, 14, 14);
  const torch::Tensor grown = change_stroke(square, torch::full({1}, 0.25));
  EXPECT_FLOAT_EQ(grown[0][0][9][9].item<float>(), 0.25F);
  EXPECT_FLOAT_EQ(grown[0][0][10][10].item<float>(), 1);
  const torch::Tensor shrunk = change_stroke(square, torch::full({1}, -0.25));
  EXPECT_FLOAT_EQ(shrunk[0][0][10][10].item<float>(), 0.75F);
  EXPECT_FLOAT_EQ(shrunk[0][0][9][9].item<float>(), 0);
}

TEST(ChangeStrokeTest, DoesNotShrinkFromTheEdgeOfThePicture) {
  const torch::Tensor at_edge = block(0, 0, 27, 4);
  EXPECT_TRUE(
      torch::equal(change_stroke(at_edge, -torch::ones(1)), block(0, 0, 27, 3))
  );
}

TEST(BlurTest, SpreadsADotAsAGaussian) {
  const torch::Tensor blurred = blur(block(14, 14, 14, 14), torch::ones(1));
  double sum = 0;
  for (int k = -5; k <= 5; ++k) sum += std::exp(-k * k / 2.0);
  for (int row = -5; row <= 5; ++row)
    for (int column = -5; column <= 5; ++column)
      EXPECT_NEAR(
          blurred[0][0][14 + row][14 + column].item<double>(),
          std::exp(-(row * row + column * column) / 2.0) / (sum * sum),
          1e-7
      );
  EXPECT_NEAR(blurred.sum().item<double>(), 1, 1e-6);
}

TEST(BlurTest, TreatsEachPictureOnItsOwnAndLeavesThoseWithoutAlone) {
  const torch::Tensor images = testing::noise_images(2);
  const torch::Tensor blurred = blur(images, torch::tensor({0.F, 1.5F}));
  EXPECT_EQ(blurred.sizes(), images.sizes());
  EXPECT_TRUE(torch::equal(blurred[0], images[0]));
  EXPECT_TRUE(blurred[1].allclose(
      blur(images.slice(0, 1), torch::full({1}, 1.5F))[0], 0, 1e-6
  ));
  EXPECT_LT(blurred[1].std().item<double>(), images[1].std().item<double>());
}

TEST(CoverTest, ALevelStrokeCoversTheRowsInTheMiddle) {
  // Row centres at -0.5 and 0.5 lie within a stroke 2 wide; those at 1.5 and
  // -1.5 just beyond its soft edge.
  const torch::Tensor covered = cover(level(100, 2), 28);
  EXPECT_EQ(covered.sizes(), torch::IntArrayRef({1, 1, 28, 28}));
  EXPECT_TRUE(torch::equal(covered, block(13, 0, 14, 27)));
}

TEST(CoverTest, EndsAreRoundAndEdgesHalfAPixelSoft) {
  const torch::Tensor covered = cover(level(4, 2), 28)[0][0];
  // The round ends have their centres at x = 2 and -2 and reach to 3.
  EXPECT_FLOAT_EQ(covered[14][15].item<float>(), 1);  // at (1.5, 0.5)
  EXPECT_NEAR(                                        // at (2.5, 0.5)
      covered[14][16].item<double>(),
      1.5 - std::hypot(0.5, 0.5),
      1e-6
  );
  EXPECT_NEAR(  // at (3.5, 0.5)
      covered[14][17].item<double>(),
      0,
      1e-6
  );
  EXPECT_NEAR(
      covered[14][11].item<double>(), covered[14][16].item<double>(), 0
  );
}

TEST(CoverTest, TurnsMovesAndFades) {
  Strokes upright = level(100, 2);
  upright.degrees.fill_(90);
  upright.x.fill_(3);
  upright.strength.fill_(0.5);
  EXPECT_TRUE(cover(upright, 28).allclose(0.5 * block(0, 16, 27, 17), 0, 1e-5));
}

TEST(CoverTest, OfSeveralStrokesTheStrongestCounts) {
  Strokes crossing = level(100, 2);
  const auto both = [](torch::Tensor& value, float second) {
    value = torch::cat({value, torch::full({1, 1}, second)}, 1);
  };
  both(crossing.x, 0);
  both(crossing.y, 0);
  both(crossing.degrees, 90);
  both(crossing.length, 100);
  both(crossing.width, 2);
  both(crossing.strength, 0.5);
  EXPECT_TRUE(
      cover(crossing, 28)
          .allclose(
              block(13, 0, 14, 27).maximum(0.5 * block(0, 13, 27, 14)), 0, 1e-5
          )
  );
}

TEST(SmoothFieldTest, GoesThroughItsKnots) {
  const torch::Tensor knots =
      torch::randn({3, 2, 7, 7}, make_generator(1), torch::TensorOptions());
  const torch::Tensor field = smooth_field(knots, 25);  // knots every 4 pixels
  EXPECT_EQ(field.sizes(), torch::IntArrayRef({3, 2, 25, 25}));
  using torch::indexing::Slice;
  EXPECT_TRUE(
      field.slice(2, 0, 25, 4).slice(3, 0, 25, 4).allclose(knots, 0, 1e-5)
  );
}

}  // namespace
}  // namespace digitorch

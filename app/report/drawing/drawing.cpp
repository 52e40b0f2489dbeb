#include "app/report/drawing/drawing.h"

#include <type_traits>
#include <utility>

namespace digitorch {
namespace {

void move(Point& point, Point offset) {
  point.x += offset.x;
  point.y += offset.y;
}

}  // namespace

void Drawing::add(Shape shape) { shapes.push_back(std::move(shape)); }

void Drawing::add(const Drawing& other, Point offset) {
  for (Shape shape : other.shapes) {
    std::visit(
        [&](auto& any) {
          using Kind = std::decay_t<decltype(any)>;
          if constexpr (std::is_same_v<Kind, Polyline>)
            for (Point& point : any.points) move(point, offset);
          else if constexpr (std::is_same_v<Kind, Circle>)
            move(any.centre, offset);
          else if constexpr (std::is_same_v<Kind, Text>)
            move(any.baseline, offset);
          else
            move(any.corner, offset);
        },
        shape
    );
    shapes.push_back(std::move(shape));
  }
}

}  // namespace digitorch

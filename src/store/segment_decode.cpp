// The columns of a chunk that was read and checked, as numbers.
#include <cstring>

#include "store/segment_reader.hpp"

namespace threatlas::store {
namespace {

using segment::load;

template <class Narrow, class Put>
void offsets(const std::uint8_t* data, std::size_t rows, Kept kept, Put put) {
    if (kept == nullptr)
        for (std::size_t i = 0; i < rows; ++i) put(i, load<Narrow>(data + i * sizeof(Narrow)));
    else
        for (std::size_t i = 0; i < kept->size(); ++i)
            put(i, load<Narrow>(data + (*kept)[i] * sizeof(Narrow)));
}

template <class Put>
void each_offset(const ColumnView& view, std::size_t rows, Kept kept, Put put) {
    switch (view.head.width) {
        case 1:
            return offsets<std::uint8_t>(view.data, rows, kept, put);
        case 2:
            return offsets<std::uint16_t>(view.data, rows, kept, put);
        case 4:
            return offsets<std::uint32_t>(view.data, rows, kept, put);
        case 8:
            return offsets<std::uint64_t>(view.data, rows, kept, put);
        default:
            for (std::size_t i = 0, n = kept == nullptr ? rows : kept->size(); i < n; ++i)
                put(i, std::uint8_t{0});
    }
}

template <class T>
void decode_whole(const ColumnView& view, std::size_t rows, Kept kept, T* out) {
    const auto base = static_cast<std::uint64_t>(view.head.base);
    each_offset(view, rows, kept,
                [=](std::size_t i, auto offset) { out[i] = static_cast<T>(base + offset); });
}

}  // namespace

void decode_codes(const Chunk& chunk, segment::Column column, Kept kept,
                  std::span<const std::uint32_t> to_code, std::uint32_t* out) {
    const ColumnView& view = chunk.columns[column];
    const std::uint32_t* table = to_code.data() + view.head.base;
    each_offset(view, chunk.rows, kept,
                [=](std::size_t i, auto offset) { out[i] = table[offset]; });
}

void decode(const Chunk& chunk, segment::Column column, Kept kept, std::int32_t* out) {
    decode_whole(chunk.columns[column], chunk.rows, kept, out);
}

void decode(const Chunk& chunk, segment::Column column, Kept kept, std::uint8_t* out) {
    decode_whole(chunk.columns[column], chunk.rows, kept, out);
}

void decode(const Chunk& chunk, segment::Column column, Kept kept, std::uint64_t* out) {
    decode_whole(chunk.columns[column], chunk.rows, kept, out);
}

void decode(const Chunk& chunk, segment::Column column, Kept kept, double* out) {
    const ColumnView& own = chunk.columns[column];
    const ColumnView& view =
        own.head.kind == segment::as_value ? chunk.columns[segment::value] : own;
    if (view.head.kind == segment::raw_double) {
        if (kept == nullptr)
            std::memcpy(out, view.data, std::size_t{chunk.rows} * sizeof(double));
        else
            for (std::size_t i = 0; i < kept->size(); ++i)
                out[i] = load<double>(view.data + (*kept)[i] * sizeof(double));
        return;
    }
    const auto base = static_cast<std::uint64_t>(view.head.base);
    each_offset(view, chunk.rows, kept, [=](std::size_t i, auto offset) {
        out[i] = static_cast<double>(static_cast<std::int64_t>(base + offset));
    });
}

}  // namespace threatlas::store

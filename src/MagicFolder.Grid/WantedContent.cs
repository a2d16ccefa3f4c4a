using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Grid;

/// <summary>What a writer wants to be in a version: all of it, or a range. It tells whether a version that is there already is the one that was to be written.</summary>
/// <param name="Offset">Where the bytes belong; null if they are all of the content.</param>
/// <param name="Bytes">The plain bytes.</param>
internal readonly record struct WantedContent(long? Offset, ReadOnlyMemory<byte> Bytes)
{
    private const int PieceSize = 128 * 1024;

    public static WantedContent Whole(ReadOnlyMemory<byte> content) => new(null, content);

    public async Task<bool> IsInAsync(IMutableReader reader, CancellationToken cancel)
    {
        var start = Offset ?? 0;
        if (Offset is null ? reader.Size != Bytes.Length : reader.Size < start + Bytes.Length)
        {
            return false;
        }

        var piece = new byte[Math.Min(PieceSize, Bytes.Length)];
        for (var at = 0; at < Bytes.Length; at += piece.Length)
        {
            var part = piece.AsMemory(0, Math.Min(piece.Length, Bytes.Length - at));
            await reader.ReadAsync(start + at, part, cancel);
            if (!part.Span.SequenceEqual(Bytes.Span.Slice(at, part.Length)))
            {
                return false;
            }
        }

        return true;
    }
}

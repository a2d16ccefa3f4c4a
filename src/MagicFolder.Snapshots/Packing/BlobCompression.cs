using System.IO.Compression;
using MagicFolder.Model;

namespace MagicFolder.Snapshots.Packing;

/// <summary>Whether and how a blob is compressed: raw DEFLATE, and only when that saves at least a sixteenth.</summary>
internal static class BlobCompression
{
    /// <summary>Below this the header and the index outweigh what could be saved.</summary>
    private const int MinLength = 64;

    /// <summary>A blob from this length on is first judged by a sample from its middle: most large files are compressed already.</summary>
    private const int SampledFrom = 128 * 1024;

    private const int SampleLength = 16 * 1024;

    private const int HistogramLength = 512;

    /// <summary>Appends the compressed form to <paramref name="target"/>; false, and nothing appended, when it does not pay.</summary>
    public static bool TryAppend(SegmentedBuffer target, ReadOnlySpan<byte> plain)
    {
        if (plain.Length < MinLength || LooksRandom(plain)) return false;
        long start = target.Length;
        if (plain.Length >= SampledFrom)
        {
            Deflate(target, plain.Slice((plain.Length - SampleLength) / 2, SampleLength));
            bool promising = Pays(target.Length - start, SampleLength);
            target.Truncate(start);
            if (!promising) return false;
        }
        Deflate(target, plain);
        if (Pays(target.Length - start, plain.Length)) return true;
        target.Truncate(start);
        return false;
    }

    /// <summary>Decodes exactly <paramref name="plain"/>.Length bytes; a stream that holds fewer or more is damaged.</summary>
    public static void Inflate(byte[] stored, int storedLength, Span<byte> plain) => Inflate(stored, 0, storedLength, plain);

    public static void Inflate(byte[] stored, int offset, int storedLength, Span<byte> plain)
    {
        using var input = new MemoryStream(stored, offset, storedLength, writable: false);
        using var inflater = new DeflateStream(input, CompressionMode.Decompress);
        try
        {
            if (inflater.ReadAtLeast(plain, plain.Length, throwOnEndOfStream: false) != plain.Length || inflater.ReadByte() >= 0)
                throw new DamagedBytesException(DamageReason.Malformed, "A compressed blob does not have the length that was announced.");
        }
        catch (InvalidDataException)
        {
            throw new DamagedBytesException(DamageReason.Malformed, "A compressed blob is malformed.");
        }
    }

    /// <summary>
    /// Are all byte values about as frequent in the middle of it? What is compressed or encrypted already need not be tried then. In n random bytes the squares of the frequencies add up to
    /// n + n(n - 1)/256 on average; in text, programs or base64 to several times that. Data that repeats something random is missed.
    /// </summary>
    private static bool LooksRandom(ReadOnlySpan<byte> plain)
    {
        if (plain.Length < HistogramLength) return false;
        Span<ushort> counts = stackalloc ushort[256];
        counts.Clear();
        foreach (byte value in plain.Slice((plain.Length - HistogramLength) / 2, HistogramLength)) counts[value]++;
        int squares = 0;
        foreach (ushort count in counts) squares += count * count;
        return squares < HistogramLength + (HistogramLength * (HistogramLength - 1) / 256 * 5 / 4);
    }

    private static bool Pays(long stored, long plain) => stored <= plain - (plain / 16);

    private static void Deflate(SegmentedBuffer target, ReadOnlySpan<byte> plain)
    {
        using var deflater = new DeflateStream(new SegmentedStream(target), CompressionLevel.Fastest);
        deflater.Write(plain);
    }
}

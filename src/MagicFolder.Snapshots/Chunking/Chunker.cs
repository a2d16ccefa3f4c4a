using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MagicFolder.Snapshots.Chunking;

/// <summary>
/// Content-defined boundaries: FastCDC with normalized chunking (Xia et al., USENIX ATC 2016; IEEE TPDS 2020), over a gear table that follows from
/// the folder's <see cref="ChunkingKey"/>. Immutable; safe for concurrent use.
/// </summary>
/// <remarks>
/// A boundary depends on the 64 bytes before it and on the distance from the boundary before, so an insertion changes the chunks around it
/// and no others. Chunks shorter than the average need a stricter match than longer ones, which narrows the spread of lengths.
/// </remarks>
public sealed class Chunker
{
    /// <summary>Bytes of the shortest chunk, except for the last of a content.</summary>
    public const int MinLength = 256 * 1024;

    /// <summary>Bytes of a chunk to aim at.</summary>
    public const int AverageLength = 1024 * 1024;

    /// <summary>Bytes of the longest chunk.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    /// <summary>A gear hash of 64 bits forgets a byte after 64 more.</summary>
    private const int Window = 64;

    /// <summary>log2 of the average plus and minus the normalization level 2: the high bits, which depend on the whole window.</summary>
    private const ulong StrictMask = ~0UL << (64 - 22);
    private const ulong LooseMask = ~0UL << (64 - 18);

    private readonly ulong[] _gear;

    public Chunker(ChunkingKey key) => _gear = key.DeriveGear();

    /// <summary>
    /// Length of the chunk at the start of <paramref name="data"/>: the rest of a content, or at least its next <see cref="MaxLength"/> bytes.
    /// All of <paramref name="data"/> when it holds no boundary.
    /// </summary>
    public int FindBoundary(ReadOnlySpan<byte> data)
    {
        var search = default(BoundarySearch);
        int boundary = FindBoundary(data, ref search);
        return boundary < 0 ? data.Length : boundary;
    }

    /// <summary>The same for bytes that are still arriving: each call gets all that are there of the chunk, and looks on where the one before it ended. -1 as long as no boundary is seen.</summary>
    /// <param name="data">From the start of the chunk.</param>
    /// <param name="search">What was seen so far; <c>default</c> at the start of a chunk. Where a boundary is returned, it is as before.</param>
    internal int FindBoundary(ReadOnlySpan<byte> data, ref BoundarySearch search)
    {
        int end = Math.Min(data.Length, MaxLength);
        if (end <= MinLength) return -1;
        ref byte bytes = ref MemoryMarshal.GetReference(data);
        ref ulong gear = ref MemoryMarshal.GetArrayDataReference(_gear);
        var (start, hash) = (search.End, search.Hash);
        if (start == 0)
        {
            // The window is filled before the first position that may be a boundary, so that already this one depends on all of it.
            for (int i = MinLength - Window; i < MinLength; i++) hash = (hash << 1) + Unsafe.Add(ref gear, Unsafe.Add(ref bytes, i));
            start = MinLength;
        }

        int middle = Math.Clamp(AverageLength, start, end);
        int boundary = Scan(ref bytes, ref gear, start, middle, StrictMask, ref hash);
        if (boundary < 0) boundary = Scan(ref bytes, ref gear, middle, end, LooseMask, ref hash);
        if (boundary >= 0) return boundary;
        if (end == MaxLength) return end;
        search = new BoundarySearch(end, hash);
        return -1;
    }

    /// <summary>May a chunk end behind so many bytes, if there is no boundary before? Looks at the last of them alone. False also for the longest chunk, whose end says nothing.</summary>
    internal bool MayEndAt(ReadOnlySpan<byte> data, int length)
    {
        if (length is <= MinLength or >= MaxLength) return false;
        ulong hash = 0;
        foreach (byte value in data.Slice(length - Window, Window)) hash = (hash << 1) + _gear[value];
        return (hash & (length <= AverageLength ? StrictMask : LooseMask)) == 0;
    }

    /// <summary>The end of the first byte in [start, end) whose hash has no bit of the mask; -1 if none has.</summary>
    private static int Scan(ref byte bytes, ref ulong gear, int start, int end, ulong mask, ref ulong state)
    {
        ulong hash = state;
        nint i = start;
        // Four bytes a turn: what each adds is summed beside the chain of dependent shifts and adds, which alone limits the speed.
        for (; i + 4 <= end; i += 4)
        {
            ulong a = Unsafe.Add(ref gear, Unsafe.Add(ref bytes, i));
            ulong b = (a << 1) + Unsafe.Add(ref gear, Unsafe.Add(ref bytes, i + 1));
            ulong c = (b << 1) + Unsafe.Add(ref gear, Unsafe.Add(ref bytes, i + 2));
            ulong d = (c << 1) + Unsafe.Add(ref gear, Unsafe.Add(ref bytes, i + 3));
            if ((((hash << 1) + a) & mask) == 0) return (int)i + 1;
            if ((((hash << 2) + b) & mask) == 0) return (int)i + 2;
            if ((((hash << 3) + c) & mask) == 0) return (int)i + 3;
            hash = (hash << 4) + d;
            if ((hash & mask) == 0) return (int)i + 4;
        }
        for (; i < end; i++)
        {
            hash = (hash << 1) + Unsafe.Add(ref gear, Unsafe.Add(ref bytes, i));
            if ((hash & mask) == 0) return (int)i + 1;
        }
        state = hash;
        return -1;
    }
}

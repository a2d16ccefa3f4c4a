using System.Buffers.Binary;
using MagicFolder.Tahoe;

namespace MagicFolder.Benchmarks;

/// <summary>Keys and names that differ from one another, and nothing more. Safe for concurrent use.</summary>
internal sealed class CountingRandom : IRandomSource
{
    private long _last;

    public void Fill(Span<byte> destination)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, Interlocked.Increment(ref _last));
        for (int i = 0; i < destination.Length; i++) destination[i] = number[i % number.Length];
    }
}

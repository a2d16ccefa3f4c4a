using System.Buffers.Binary;
using MagicFolder.Grid;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Packing;
using MagicFolder.Tahoe;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>A whole pack, whose index is read; as a repair the trailer is made right.</summary>
internal sealed class PackTarget : FuzzTarget
{
    private static readonly PackRef Pack = Some.Pack(new Random(1));

    public override string Name => "pack";

    public override byte[] Generate(Random random)
    {
        using var buffers = new LargeBuffers(SegmentedBuffer.SegmentLength);
        using var builder = new PackBuilder(new Randomness(random), compress: true, buffers);
        for (int i = random.Next(5); i > 0; i--)
        {
            byte[] plain = random.Next(2) == 0 ? new byte[random.Next(300)] : Some.Bytes(random, random.Next(100));
            builder.Add(BlobId.Of(plain), plain);
        }
        builder.Seal(new NoCatalog());
        using var stream = new MemoryStream();
        using var read = builder.OpenRead();
        read.CopyTo(stream);
        return stream.ToArray();
    }

    /// <summary>Mutates the index as CBOR, and lets the trailer announce what is there.</summary>
    public override byte[] Repair(byte[] input, Random random)
    {
        long end = input.Length - PackFormat.TrailerLength;
        if (end < PackFormat.HeaderLength) return input;
        ulong offset = BinaryPrimitives.ReadUInt64BigEndian(input.AsSpan((int)end));
        if (offset > (ulong)end) return input;
        byte[] index = Mutations.CborMutations.Apply(input[(int)offset..(int)end], random);
        byte[] repaired = [.. input.AsSpan(0, (int)offset), .. index, .. input.AsSpan((int)end)];
        BinaryPrimitives.WriteInt32BigEndian(repaired.AsSpan(repaired.Length - 12), index.Length);
        return repaired;
    }

    public override string Run(byte[] input)
    {
        var blobs = PackIndex.ReadAsync(new InMemory(input), Pack, CancellationToken.None).GetAwaiter().GetResult();
        int offset = (int)BinaryPrimitives.ReadInt64BigEndian(input.AsSpan(input.Length - PackFormat.TrailerLength));
        PromiseSame(input.AsSpan(offset, input.Length - PackFormat.TrailerLength - offset), PackIndex.Encode(blobs));
        foreach (var (_, location) in blobs) Promise(location.Offset + location.StoredLength <= offset, "a blob reaches into the index");
        return $"{Size(blobs.Count)} blobs, {string.Join(' ', blobs.Select(blob => blob.Location.Encoding).Distinct().Order())}";
    }

    public override bool IsRefusal(Exception e) => e is DamagedBytesException;

    private sealed class Randomness(Random random) : IRandomSource
    {
        public void Fill(Span<byte> destination) => random.NextBytes(destination);
    }

    private sealed class InMemory(byte[] bytes) : IImmutableFile
    {
        public long Size => bytes.Length;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
        {
            bytes.AsMemory(checked((int)offset), destination.Length).CopyTo(destination);
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

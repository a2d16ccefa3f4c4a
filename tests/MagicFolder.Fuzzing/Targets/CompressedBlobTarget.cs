using System.Buffers.Binary;
using System.IO.Compression;
using MagicFolder.Model;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Snapshots.Packing;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>The announced length of the plain bytes (4 bytes), and the stream: also ones that hold far more than they announce.</summary>
internal sealed class CompressedBlobTarget : FuzzTarget
{
    public override string Name => "compressed-blob";

    public override byte[] Generate(Random random)
    {
        var plain = random.Next(2) == 0 ? new byte[random.Next(random.Next(8) == 0 ? 4_000_000 : 5000)] : Some.Bytes(random, random.Next(300));
        using var stream = new MemoryStream();
        using (var deflater = new DeflateStream(stream, CompressionLevel.Fastest, leaveOpen: true)) deflater.Write(plain);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, plain.Length);
        return [.. length, .. stream.ToArray()];
    }

    public override string Run(byte[] input)
    {
        if (input.Length < 4) return "nothing";
        int announced = (int)(BinaryPrimitives.ReadUInt32BigEndian(input) % (BlobLimits.MaxPlainLength + 1));
        byte[] stored = input[4..];
        using var plain = new BlobBytes(announced);
        BlobCompression.Inflate(stored, stored.Length, plain.Buffer.AsSpan(0, announced));
        return Size(announced);
    }

    public override bool IsRefusal(Exception e) => e is DamagedBytesException;

    /// <summary>The pooled buffer for the plain bytes, and as much again for a pool that rounds up.</summary>
    public override long AllocationLimit(int length) => (2L * BlobLimits.MaxPlainLength) + (256 << 10) + (4L * length);
}

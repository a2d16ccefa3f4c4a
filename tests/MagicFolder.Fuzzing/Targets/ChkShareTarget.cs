using System.Buffers.Binary;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>
/// An immutable share (verified only, when several are needed) and, in front of it, what its cap says: size (8 bytes), k, n and share number (1 byte each, the first two less one). The hash in the cap is that of the
/// URI extension block that the share has, so that a hostile encoder is played, who can make a cap of anything.
/// </summary>
internal sealed class ChkShareTarget : FuzzTarget
{
    private const int CapLength = 11;

    private static readonly AesKey Key = AesKey.From(new byte[16]);

    public override string Name => "chk-share";

    public override IReadOnlyList<byte[]> Tokens { get; } =
        [.. new[] { "segment_size:1:1,", "segment_size:1:0,", "segment_size:8:67108864,", "share_root_hash:32:", "crypttext_root_hash:32:", "a:0:,", "10:", "4294967295:" }.Select(Some.Utf8)];

    public override byte[] Generate(Random random)
    {
        int size = random.Next(1, 300);
        int n = random.Next(1, 5);
        int k = random.Next(2) == 0 ? 1 : random.Next(1, n + 1);
        var encoder = new ChkEncoder(Key, size, new ChkParameters(k, n, random.Next(2) == 0 ? 64 : 128 * 1024) { IncludeCiphertextHash = random.Next(2) == 0 });
        var shares = Enumerable.Range(0, n).Select(_ => new MemoryStream()).ToArray();
        encoder.EncodeAsync(new MemoryStream(Some.Bytes(random, size)), shares, CancellationToken.None).GetAwaiter().GetResult();
        int number = random.Next(n);
        var input = new byte[CapLength];
        BinaryPrimitives.WriteInt64BigEndian(input, size);
        (input[8], input[9], input[10]) = ((byte)(k - 1), (byte)(n - 1), (byte)number);
        return [.. input, .. shares[number].ToArray()];
    }

    public override byte[] Repair(byte[] input, Random random)
    {
        if (input.Length < CapLength) return input;
        byte[] repaired = [.. input];
        if (random.Next(2) == 0) repaired[8] = 0;
        int n = repaired[9] + 1;
        ChkShareHashes.MakeRight(repaired.AsSpan(CapLength), BinaryPrimitives.ReadInt64BigEndian(repaired), Math.Min(n, repaired[8] + 1), n, repaired[10]);
        return repaired;
    }

    public override string Run(byte[] input)
    {
        if (input.Length < CapLength) return "no cap";
        long size = BinaryPrimitives.ReadInt64BigEndian(input) & long.MaxValue;
        int n = input[9] + 1;
        int k = Math.Min(n, input[8] + 1);
        var share = input.AsMemory(CapLength);
        var cap = new ChkCap(Key, ChkShareHashes.UriExtensionHash(share.Span), k, n, size);
        var given = new NumberedShare(input[10], new MemoryShareSource(share));
        if (k > 1)
        {
            Wait(new ValueTask(ChkShareVerifier.VerifyAsync(cap.ToVerifyCap(), given, CancellationToken.None)));
            return $"version {share.Span[3]}, one of {Size(k)} needed, {Size(size)} bytes";
        }
        var decoder = Wait(ChkDecoder.OpenAsync(cap, [given], CancellationToken.None));
        Promise(decoder.Size == size, "the size is another than the cap's");
        // Nothing can be longer than the share: so this is in proportion.
        var plain = new byte[size];
        Wait(decoder.ReadAsync(0, plain, CancellationToken.None));
        var part = new byte[Math.Min(size, 10)];
        Wait(decoder.ReadAsync(size - part.Length, part, CancellationToken.None));
        Promise(plain.AsSpan(plain.Length - part.Length).SequenceEqual(part), "a part differs from the whole");
        return $"version {share.Span[3]}, {Size(size)} bytes of {n}";
    }

    public override bool IsRefusal(Exception e) => e is DamagedShareException;

    private static T Wait<T>(ValueTask<T> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("Nothing here waits.");

    private static void Wait(ValueTask task)
    {
        if (!task.IsCompleted) throw new InvalidOperationException("Nothing here waits.");
        task.GetAwaiter().GetResult();
    }
}

using System.Buffers.Binary;
using MagicFolder.Simulation.Keys;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Immutable;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>A mutable share behind one byte with its number, read with the caps of a fixed key, with which a repaired input is signed again.</summary>
internal sealed class SdmfShareTarget : FuzzTarget
{
    private static readonly int[] OffsetFields = [75, 79, 83, 87];

    public override string Name => "sdmf-share";

    public override byte[] Generate(Random random)
    {
        int n = random.Next(1, 5);
        var published = SdmfPublisher.Build(FixedKeys.Collective, Some.Positive(random), Some.Bytes(random, random.Next(80)), Some.Bytes(random, 16), random.Next(2) == 0 ? 1 : random.Next(1, n + 1), n);
        int number = random.Next(n);
        return [(byte)number, .. published.Shares[number].Span];
    }

    public override byte[] Repair(byte[] input, Random random)
    {
        if (input.Length < 1 + SdmfShare.HeaderLength) return input;
        byte[] repaired = [.. input];
        var share = repaired.AsSpan(1);
        if (random.Next(2) == 0) share[0] = 0;
        if (random.Next(4) == 0) share[57] = 1;
        int k = Math.Max(1, (int)share[57]);
        Span<long> bounds = stackalloc long[6];
        for (int i = 0; i < 4; i++) bounds[i] = BinaryPrimitives.ReadUInt32BigEndian(share[OffsetFields[i]..]);
        bounds[4] = BinaryPrimitives.ReadInt64BigEndian(share[91..]);
        bounds[5] = share.Length;
        long previous = SdmfShare.HeaderLength;
        foreach (long bound in bounds)
        {
            if (bound < previous || bound > share.Length) return repaired;
            previous = bound;
        }
        // In the order of the sections: key, signature, chain, block tree, block.
        var block = share[(int)bounds[3]..(int)bounds[4]];
        if (random.Next(2) == 0) BinaryPrimitives.WriteInt64BigEndian(share[59..], (long)k * block.Length);
        if (random.Next(2) == 0) BinaryPrimitives.WriteInt64BigEndian(share[67..], Math.Max(0, ((long)k * block.Length) - random.Next(k)));
        var root = SdmfReader.BlockTreeOf(block).Root;
        if (bounds[3] - bounds[2] >= Digest.Length) root.CopyTo(share[(int)bounds[2]..]);
        int number = repaired[0];
        int n = share[58];
        if (number < n)
        {
            var roots = new byte[n * Digest.Length];
            root.CopyTo(roots.AsSpan(number * Digest.Length));
            var tree = MerkleTree.FromLeaves(roots);
            var chain = HashChain.Write(tree, MerkleTree.ChainOf(number, n, withLeaf: false));
            if (chain.Length == bounds[2] - bounds[1]) chain.CopyTo(share[(int)bounds[1]..]);
            tree.Root.CopyTo(share[9..]);
        }
        byte[] signature = FixedKeys.Collective.Sign(share[..SdmfShare.SignedLength]);
        if (bounds[1] - bounds[0] >= signature.Length) signature.CopyTo(share[(int)bounds[0]..]);
        return repaired;
    }

    public override string Run(byte[] input)
    {
        if (input.Length == 0) return "nothing";
        var write = FixedKeys.Collective.ToWriteCap();
        var read = write.ToReadOnly() as Tahoe.Capabilities.MutableReadCap ?? throw new InvalidOperationException("No read cap.");
        var share = input.AsMemory(1);
        var parsed = SdmfReader.VerifyShare(share, input[0], read.ToVerifyCap());
        var numbered = new NumberedShare(input[0], new MemoryShareSource(share));
        var map = MutableShareMap.OpenAsync([numbered, numbered], read.ToVerifyCap(), everyByte: false, CancellationToken.None).GetAwaiter().GetResult();
        Promise(map.Troubles.Count == 0 && map.Versions.Count == 1 && map.HighestSeqnum == parsed.Seqnum, "a verified share is called damaged");
        if (parsed.K > 1)
        {
            Promise(map.Best is null, "one share counts as several");
            return $"one of {Size(parsed.K)} needed, {Size(parsed.N)} shares";
        }
        var version = SdmfReader.Read(share, input[0], read);
        Promise(version.Content.Length == parsed.DataLength && version.Seqnum == parsed.Seqnum, "the version is not the share's");
        string keys = "damaged keys";
        try
        {
            using var found = SdmfReader.ReadKeys(parsed, write);
            keys = "keys";
        }
        catch (DamagedShareException)
        {
            // Whoever only reads does not notice.
        }
        return $"{Size(version.Content.Length)} bytes, {Size(parsed.N)} shares, {keys}";
    }

    public override bool IsRefusal(Exception e) => e is DamagedShareException;
}

using MagicFolder.Simulation.Keys;
using MagicFolder.Tahoe;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;
using MagicFolder.Tahoe.Mutable;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>
/// An MDMF share behind one byte with its number, read in ranges, verified, made again and written in place with the caps of a fixed key, with which a repaired input is signed again.
/// </summary>
internal sealed class MdmfShareTarget : FuzzTarget
{
    private static MutableWriteCap Cap => FixedKeys.Collective.ToWriteCap(MutableFormat.Mdmf);

    public override string Name => "mdmf-share";

    public override byte[] Generate(Random random)
    {
        int n = random.Next(1, 5);
        int k = random.Next(2) == 0 ? 1 : random.Next(1, n + 1);
        int number = random.Next(n);
        if (random.Next(4) != 0) return [(byte)number, .. MdmfShareForge.Compact(number, k, n, random.Next(1, 9), random.Next(40), random)];
        var streams = Streams(n);
        byte[] content = Some.Bytes(random, random.Next(80));
        var published = Wait(MdmfPublisher.PublishAsync(FixedKeys.Collective, Some.Positive(random), new MemoryStream(content), content.Length, new Salts(random), streams, k, CancellationToken.None));
        return [(byte)number, .. Whole(published, number, streams[number])];
    }

    public override byte[] Repair(byte[] input, Random random)
    {
        if (input.Length < 1 + MdmfHeader.HeaderLength) return input;
        byte[] share = input[1..];
        if (random.Next(2) == 0) share[0] = 1;
        if (random.Next(4) == 0) share[41] = 1;
        if (random.Next(2) == 0) share = MdmfShareForge.Relayout(share);
        return [input[0], .. MdmfShareForge.Resign(share, input[0])];
    }

    public override string Run(byte[] input)
    {
        if (input.Length == 0) return "nothing";
        var share = new NumberedShare(input[0], new MemoryShareSource(input.AsMemory(1)));
        var map = Wait(MutableShareMap.OpenAsync([share, share], Cap.ToVerifyCap(), everyByte: false, CancellationToken.None));
        Promise(map.Troubles.Count == 0 || map.Versions.Count == 0, "of two equal shares one is damaged");
        Promise(map.HighestSeqnum >= (map.Best?.Seqnum ?? 0), "a version is above the highest seqnum");
        string? read = null;
        DamagedShareException? damage = null;
        try
        {
            read = map.Best is { } best ? Read(best, share) : null;
        }
        catch (DamagedShareException e)
        {
            damage = e;
        }
        Wait(MutableShareVerifier.VerifyAsync(Cap.ToVerifyCap(), share, CancellationToken.None));
        Promise(damage is null && map.Troubles.Count == 0 && map.Versions.Count == 1, "a verified share is called damaged");
        var version = map.Versions[0];
        Promise(version.K == 1 == version.IsRecoverable, "one share counts as several");
        return read ?? $"one of {Size(version.K)} needed, {Size(version.N)} shares";
    }

    public override bool IsRefusal(Exception e) => e is DamagedShareException;

    /// <summary>Writing in place takes its part.</summary>
    public override long AllocationLimit(int length) => (1 << 20) + (200L * length);

    private static string Read(MutableVersionShares version, NumberedShare share)
    {
        var reader = version.OpenReader(Cap.ToReadCap());
        var content = new byte[reader.Size];
        Wait(reader.ReadAsync(0, content, CancellationToken.None).AsTask());
        int from = content.Length / 3;
        var range = new byte[content.Length - from - (content.Length / 4)];
        Wait(reader.ReadAsync(from, range, CancellationToken.None).AsTask());
        Promise(content.AsSpan(from, range.Length).SequenceEqual(range), "a range is not that of the whole");
        string keys = "damaged keys";
        try
        {
            using var found = version.ReadKeys(Cap);
            keys = "keys";
        }
        catch (DamagedShareException)
        {
            // Whoever only reads does not notice.
        }
        if (version is not MdmfVersionShares mdmf) return $"{Size(content.Length)} bytes, {Size(version.N)} shares, {keys}, the other format";
        if (mdmf.CanBeUpdated && version.Seqnum < long.MaxValue) Update(mdmf, share, content);
        return $"{Size(content.Length)} bytes, {Size(version.N)} shares, {keys}, {(mdmf.CanBeUpdated ? "usual" : "unusual")}";
    }

    private static void Update(MdmfVersionShares version, NumberedShare share, byte[] content)
    {
        var streams = Streams(1);
        Wait(MdmfRepairer.RemakeAsync(version, streams, CancellationToken.None));
        streams = Streams(1);
        byte[] data = [1, 2, 3];
        var update = Wait(MdmfUpdater.UpdateAsync(version, FixedKeys.Collective, version.Seqnum + 1, content.Length / 2, new MemoryStream(data), data.Length, new Salts(new Random(1)), streams, CancellationToken.None));
        var old = new byte[share.Source.Length];
        Wait(share.Source.ReadAsync(0, old, CancellationToken.None).AsTask());
        var written = new byte[Math.Max(old.Length, update.ShareLength)];
        old.CopyTo(written, 0);
        foreach (var write in update.WritesOf(0, streams[0].ToArray())) write.Bytes.CopyTo(written.AsMemory((int)write.Offset));
        var map = Wait(MutableShareMap.OpenAsync([new NumberedShare(0, new MemoryShareSource(written))], Cap.ToVerifyCap(), everyByte: false, CancellationToken.None));
        var reader = map.RequireBest().OpenReader(Cap.ToReadCap());
        var read = new byte[reader.Size];
        Wait(reader.ReadAsync(0, read, CancellationToken.None).AsTask());
        var expected = new byte[Math.Max(content.Length, (content.Length / 2) + data.Length)];
        content.CopyTo(expected, 0);
        data.CopyTo(expected, content.Length / 2);
        PromiseSame(expected, read);
    }

    private static byte[] Whole(MdmfPublication published, int number, MemoryStream blocks)
    {
        var share = new byte[published.ShareLength];
        foreach (var write in published.WritesOf(number, blocks.ToArray())) write.Bytes.CopyTo(share.AsMemory((int)write.Offset));
        return share;
    }

    private static MemoryStream[] Streams(int n) => [.. Enumerable.Range(0, n).Select(_ => new MemoryStream())];

    private static T Wait<T>(Task<T> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : throw new InvalidOperationException("Nothing here waits.");

    private static void Wait(Task task)
    {
        if (!task.IsCompleted) throw new InvalidOperationException("Nothing here waits.");
        task.GetAwaiter().GetResult();
    }

    private sealed class Salts(Random random) : IRandomSource
    {
        public void Fill(Span<byte> destination) => random.NextBytes(destination);
    }
}

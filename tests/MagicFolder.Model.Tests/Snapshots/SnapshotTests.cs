using System.Collections.Immutable;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tests.Snapshots;

public sealed class SnapshotTests
{
    private static Observation Seen(int actor, long seq, int signature = 256) => new(
        Some.Actor(actor),
        seq,
        Some.Content(seq),
        [.. Enumerable.Repeat((byte)1, 16)],
        [.. Enumerable.Repeat((byte)2, 32)],
        [.. Enumerable.Repeat((byte)3, signature)]);

    private static Snapshot Example(params Observation[] seen) => new(
        new FolderId(5),
        Some.Content(1),
        Some.Actor(1),
        17,
        1_700_000_000_000,
        Some.Content(2),
        seen.Aggregate(Observed.None, (observed, observation) => observed.With(observation)));

    [Fact]
    public void SnapshotsRoundTrip()
    {
        foreach (var snapshot in new[] { Example(), Example(Seen(3, 9), Seen(2, 4)), Example() with { Seq = 1, Parent = null, TimeMs = -5 } })
        {
            var bytes = snapshot.Encode();
            var again = Snapshot.Decode(bytes);
            again.Encode().ShouldBe(bytes);
            (again with { Observed = Observed.None }).ShouldBe(snapshot with { Observed = Observed.None });
            again.Observed.All.ShouldBe(snapshot.Observed.All);
            again.Id.ShouldBe(BlobId.Of(bytes));
            again.Context[Some.Actor(1)].ShouldBe(snapshot.Seq);
        }
    }

    /// <summary>The example of docs/formats/snapshot.md.</summary>
    [Fact]
    public void TheBytesOfTheDocumentedExampleAreFrozen()
    {
        var snapshot = new Snapshot(new FolderId(5), Model.Tree.Dmt.EmptyRoot, new ActorId(7), 1, 1_700_000_000_000, null, Observed.None);
        Convert.ToHexStringLower(snapshot.Encode()).ShouldBe(
            "8801" + "5000000000000000000000000000000005" + "5820" + Convert.ToHexStringLower(Model.Tree.Dmt.EmptyRoot.ToArray())
            + "5000000000000000000000000000000007" + "01" + "1b0000018bcfe56800" + "f6" + "80");
    }

    [Fact]
    public void AStatementIsALineAndFourValues()
    {
        var message = StatementMessage.For(new FolderId(5), new ActorId(7), 17, Some.Content(1));
        System.Text.Encoding.ASCII.GetString(message, 0, 26).ShouldBe("magic-folder-statement-v1\n");
        Convert.ToHexStringLower(message.AsSpan(26)).ShouldBe(
            "84" + "5000000000000000000000000000000005" + "5000000000000000000000000000000007" + "11" + "5820" + Convert.ToHexStringLower(Some.Content(1).ToArray()));
    }

    [Fact]
    public void EveryTruncationIsDamageAndEveryFlippedBitIsDamageOrCanonical()
    {
        var bytes = Example(Seen(3, 9, 5), Seen(2, 400, 30)).Encode();
        for (int length = 0; length < bytes.Length; length++) Should.Throw<DamagedBytesException>(() => Snapshot.Decode(bytes.AsSpan(0, length)));
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Snapshot snapshot;
            try
            {
                snapshot = Snapshot.Decode(flipped);
            }
            catch (DamagedBytesException)
            {
                continue;
            }
            snapshot.Encode().ShouldBe(flipped);
        }
    }

    [Fact]
    public void ANewerFormatIsNamedSo()
    {
        var bytes = Example().Encode();
        bytes[1] = 2;
        Should.Throw<DamagedBytesException>(() => Snapshot.Decode(bytes)).Reason.ShouldBe(DamageReason.NewerFormat);
        Should.Throw<DamagedBytesException>(() => Snapshot.Decode([0x99, 0x01])).Reason.ShouldBe(DamageReason.Malformed);
        Should.Throw<DamagedBytesException>(() => Snapshot.Decode([0x82, 0x18, 0x63, 0x00])).Reason.ShouldBe(DamageReason.NewerFormat);
    }

    [Fact]
    public void WhatCannotBeReadIsNotWritten()
    {
        Should.Throw<InvalidOperationException>(() => Example(Seen(1, 1)).Encode());
        Should.Throw<InvalidOperationException>(() => Example(Seen(2, 0)).Encode());
        Should.Throw<InvalidOperationException>(() => Example(Seen(2, 1, signature: 0)).Encode());
        Should.Throw<InvalidOperationException>(() => Example(Seen(2, 1) with { Nonce = [1] }).Encode());
        Should.Throw<InvalidOperationException>(() => (Example() with { Seq = 0 }).Encode());
        Should.Throw<InvalidOperationException>(() => Example([.. Enumerable.Range(2, 4097).Select(actor => Seen(actor, 1, 1))]).Encode());
    }

    [Fact]
    public void AHugeDeclaredNumberOfObservationsIsRefused()
    {
        var bytes = Example().Encode();
        Should.Throw<DamagedBytesException>(() => Snapshot.Decode([.. bytes[..^1], 0x9A, 0xFF, 0xFF, 0xFF, 0xFF])).Reason.ShouldBe(DamageReason.TooLarge);
        Should.Throw<DamagedBytesException>(() => Snapshot.Decode([.. bytes, 0])).Reason.ShouldBe(DamageReason.Malformed);
    }
}

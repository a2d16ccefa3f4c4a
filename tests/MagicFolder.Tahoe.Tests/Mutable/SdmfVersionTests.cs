using FsCheck;
using FsCheck.Fluent;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;
using MagicFolder.Tahoe.Tests.Immutable;

namespace MagicFolder.Tahoe.Tests.Mutable;

/// <summary>Mutable files of which k of n shares are needed: versions, damage, and what is made again.</summary>
public sealed class SdmfVersionTests : IDisposable
{
    private static readonly byte[] Iv = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
    private readonly MutableKeys _keys = MutableKeys.FromPkcs1(KnownAnswers.PrivateKey("key02.pem"));

    private MutableReadCap ReadCap => _keys.ToWriteCap().ToReadCap();

    private MutableVerifyCap VerifyCap => _keys.ToWriteCap().ToVerifyCap();

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void AnyKOfNSharesInAnyOrderGiveTheContentAndDamageInTheOthersIsNamed()
    {
        var cases =
            from n in Gen.Choose(1, 30)
            from k in Gen.Choose(1, n)
            from blocks in Gen.Choose(0, 20)
            from beside in Gen.Choose(-1, 1)
            from damaged in Gen.Choose(0, n - k)
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select (K: k, N: n, Length: Math.Max(0, (blocks * k) + beside), Damaged: damaged, Seed: seed);
        Prop.ForAll(cases.ToArbitrary(), sample =>
        {
            var random = new Random(sample.Seed);
            var content = Chk.RandomBytes(sample.Length, sample.Seed);
            var shares = Build(7, content, sample.K, sample.N);
            random.Shuffle(shares);
            for (var i = 0; i < sample.Damaged; i++)
            {
                // Up to the private key, but for the place of that key, all bytes count.
                var bytes = shares[i].Bytes.ToArray();
                var keyAt = bytes.Length - _keys.PrivateKey.Length;
                var at = random.Next(keyAt - 16);
                bytes[at < 91 ? at : at + 16] ^= (byte)random.Next(1, 256);
                shares[i] = (shares[i].Number, bytes);
            }

            var damaged = shares[..sample.Damaged].Select(share => share.Number).Order().ToArray();
            var needed = shares[..(sample.Damaged + sample.K)];
            random.Shuffle(needed);
            Read(needed).Content.ToArray().ShouldBe(content);
            var map = Map(needed);
            map.Troubles.Select(trouble => trouble.Share.Number).Order().ShouldBe(damaged);
            map.Versions.ShouldHaveSingleItem().Numbers.Count.ShouldBe(sample.K);

            // Of a single share that is left it is said what is wrong with it.
            var tooFew = needed.Where(share => share.Number != map.Best!.Numbers.Max()).ToArray();
            var failure = Should.Throw<DamagedShareException>(() => Read(tooFew));
            (failure.Reason == ShareDamage.TooFewShares).ShouldBe(sample.K > 1 || sample.Damaged != 1);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
    }

    [Fact]
    public void TheGreatestVersionThatKSharesHaveIsTheBest()
    {
        var old = Build(3, "old"u8, 2, 4);
        var newer = Build(5, "newer"u8, 3, 4);
        var newest = Build(9, "newest"u8, 2, 4);
        var map = Map(old[0], newer[1], newer[3], newest[2], old[3], newer[0]);
        map.Versions.Select(version => (version.Seqnum, version.Numbers.Count, version.IsRecoverable)).ShouldBe([(9L, 1, false), (5L, 3, true), (3L, 2, true)]);
        map.Best!.Seqnum.ShouldBe(5);
        map.HighestSeqnum.ShouldBe(9);
        map.HasNewerUnrecoverable.ShouldBeTrue();
        map.NeedsMerge.ShouldBeFalse();
        SdmfReader.Decode(Sdmf(map.Best), ReadCap).Content.ToArray().ShouldBe("newer"u8.ToArray());
        map.Best.Checkstring.ToArray().ShouldBe(newer[0].Bytes[..57].ToArray());
        Should.Throw<DamagedShareException>(() => SdmfReader.Decode(Sdmf(map.Versions[0]), ReadCap)).Reason.ShouldBe(ShareDamage.TooFewShares);
        Should.Throw<DamagedShareException>(() => Sdmf(map.Versions[0]).Remake()).Reason.ShouldBe(ShareDamage.TooFewShares);
    }

    [Fact]
    public void TwoVersionsUnderOneSeqnumAreOrderedByTheirRootAndReported()
    {
        var one = Build(3, "one"u8, 1, 2);
        var two = Build(3, "two"u8, 1, 2);
        var map = Map(one[0], two[1], one[1], two[0]);
        map.NeedsMerge.ShouldBeTrue();
        map.Versions.Count.ShouldBe(2);
        map.Best!.RootHash.ShouldBe(map.Versions.Max(version => version.RootHash));
        map.HasNewerUnrecoverable.ShouldBeFalse();
    }

    [Fact]
    public void TheSeqnumOfAShareWithADamagedBlockCounts()
    {
        var share = Build(8, "content"u8, 1, 1)[0].Bytes.ToArray();
        share[107 + 294 + 256 + 32] ^= 1;
        var map = Map((0, share));
        map.Best.ShouldBeNull();
        map.HighestSeqnum.ShouldBe(8);
        map.HasNewerUnrecoverable.ShouldBeTrue();
        map.Troubles.ShouldHaveSingleItem().Damage.ShouldBe(ShareDamage.BadBlock);
        Map().HighestSeqnum.ShouldBe(0);
    }

    [Fact]
    public void AShareUnderAnotherNumberDoesNotVerify()
    {
        var shares = Build(1, "some content"u8, 3, 5);
        foreach (var number in new[] { 0, 1, 2, 4, 5, -1, 300 })
        {
            Should.Throw<DamagedShareException>(() => SdmfReader.VerifyShare(shares[3].Bytes, number, VerifyCap)).Reason.ShouldBe(ShareDamage.BadHashTree);
        }

        SdmfReader.VerifyShare(shares[3].Bytes, 3, VerifyCap).K.ShouldBe(3);
    }

    [Fact]
    public void OneShareOfSeveralNeededIsNotEnoughAndTheSameTwiceIsOne()
    {
        var shares = Build(1, "some content"u8, 2, 3);
        Should.Throw<DamagedShareException>(() => SdmfReader.Read(shares[0].Bytes, 0, ReadCap)).Reason.ShouldBe(ShareDamage.TooFewShares);
        Should.Throw<DamagedShareException>(() => Read(shares[1])).Reason.ShouldBe(ShareDamage.TooFewShares);
        Should.Throw<DamagedShareException>(() => Read(shares[1], shares[1])).Message.ShouldContain("Of version 1: 1 of 2.");
    }

    [Fact]
    public void TheMostFrequentPrivateKeyIsCopiedWhenSharesAreMadeAgain()
    {
        var shares = Build(2, Chk.RandomBytes(100), 3, 6);
        var changed = shares[0].Bytes.ToArray();
        changed[^1] ^= 1;
        var map = Map((0, changed), shares[2], shares[5]);
        Sdmf(map.Best).Remake().Shares.Select(share => share.ToArray()).ShouldBe(shares.Select(share => share.Bytes.ToArray()));
    }

    [Fact]
    public void SharesThatNoHonestWriterSignedAreNotMadeAgain()
    {
        // The writer signs a tree whose third leaf is of some other block.
        var content = Chk.RandomBytes(100);
        var honest = Build(1, content, 2, 3);
        var blocks = honest.Select(share => SdmfShare.Parse(share.Bytes).Block).ToArray();
        blocks[2] = Chk.RandomBytes(50, 99);
        var roots = SdmfPublisher.RootsOf(blocks);
        var tree = MagicFolder.Tahoe.Hashing.MerkleTree.FromLeaves(roots);
        var signed = SdmfShare.Parse(honest[0].Bytes).SignedBytes.ToArray();
        tree.Root.CopyTo(signed.AsSpan(9));
        var lies = SdmfPublisher.Assemble(signed, _keys.PublicKey.Span, _keys.Sign(signed), tree, roots, blocks, _keys.PrivateKey.Span);
        var map = Map([.. lies.Select((bytes, i) => (i, bytes))]);
        map.Troubles.ShouldBeEmpty();
        Should.Throw<DamagedShareException>(() => Sdmf(map.Best).Remake()).Reason.ShouldBe(ShareDamage.BadHashTree);
    }

    /// <summary>docs/formats/sdmf.md, section 6. The values were computed a second time by other code, from the specification.</summary>
    [Fact]
    public void TheWorkedExampleComesOut()
    {
        using var keys = MutableKeys.FromPkcs1(Convert.FromBase64String(KnownAnswers.VectorCase(1).Text("rsaPrivateKeyPkcs1Base64")));
        var publication = SdmfPublisher.Build(keys, 1, [.. Enumerable.Range(0, 100).Select(i => (byte)i)], Iv, 3, 10);
        var shares = publication.Shares.Select(share => SdmfShare.Parse(share)).ToArray();
        publication.Shares.ShouldAllBe(share => share.Length == 2077);
        shares[0].SegmentSize.ShouldBe(102);
        new[] { 0, 2, 3, 9 }.Select(i => Convert.ToHexStringLower(shares[i].Block.Span)).ShouldBe(
        [
            "04aaea5c569000afa5519f51ad81661870d3ea1735813ea466cad0121823cb034dd0",
            "671b8ac06f1f7a65f24a742cad3aa3912a7e3812ff3a68415de882347fc3ddd50000",
            "45c11434dc5833bf33dc5dacbbbecfcace674fea42a31df873e47433ae720686d951",
            "e75106e225d9798358b340189195ee4ade7f1ff3f9b79b48a877a2b0465066564e7b",
        ]);
        Convert.ToHexStringLower(shares[3].BlockTree.Span).ShouldBe("1521f804a3897fed23a570b70c4f7afa9bdb70e930415c04cfd73d5ecbd46dd9");
        Convert.ToHexStringLower(publication.RootHash.ToArray()).ShouldBe("ec8e4297679796dedc7524727706d18091f3b0e3c55b3ac04f3afcf7c2964ba6");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 256)]
    public void ParametersOutsideTheFormatAreAProgrammersMistake(int k, int n)
        => Should.Throw<ArgumentOutOfRangeException>(() => SdmfPublisher.Build(_keys, 1, [], Iv, k, n));

    private (int Number, ReadOnlyMemory<byte> Bytes)[] Build(long seqnum, ReadOnlySpan<byte> content, int k, int n)
        => [.. SdmfPublisher.Build(_keys, seqnum, content, Iv, k, n).Shares.Select((bytes, i) => (i, bytes))];

    private static SdmfVersionShares Sdmf(MutableVersionShares? version) => version.ShouldBeOfType<SdmfVersionShares>();

    private MutableShareMap Map(params (int Number, ReadOnlyMemory<byte> Bytes)[] shares)
        => Mutable.Sdmf.Map(VerifyCap, Array.ConvertAll(shares, share => Mutable.Sdmf.Share(share.Number, share.Bytes)));

    private SdmfVersion Read(params (int Number, ReadOnlyMemory<byte> Bytes)[] shares) => SdmfReader.Decode(Sdmf(Map(shares).RequireBest()), ReadCap);
}

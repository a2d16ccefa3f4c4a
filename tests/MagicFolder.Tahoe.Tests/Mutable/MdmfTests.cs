using FsCheck;
using FsCheck.Fluent;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Immutable;
using MagicFolder.Tahoe.Mutable;
using MagicFolder.Tahoe.Tests.Immutable;

namespace MagicFolder.Tahoe.Tests.Mutable;

/// <summary>MDMF files: round trips, updates in place, damage that is found and worked around, versions.</summary>
public sealed class MdmfTests : IDisposable
{
    private const int Segment = 131072;
    private readonly MutableKeys _keys = MutableKeys.FromPkcs1(KnownAnswers.PrivateKey("key08.pem"));

    private MutableWriteCap Cap => _keys.ToWriteCap(MutableFormat.Mdmf);

    public void Dispose() => _keys.Dispose();

    [Fact]
    public void AnyKOfNSharesGiveAnyRangeAndDamageInTheOthersIsNamed()
    {
        var cases =
            from n in Gen.Choose(1, 6)
            from k in Gen.Choose(1, n)
            from segments in Gen.Choose(0, 2)
            from beside in Gen.Choose(-3, 3)
            from damaged in Gen.Choose(0, n - k)
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select (K: k, N: n, Length: Math.Max(0, (segments * ((Segment + k - 1) / k * k)) + beside), Damaged: damaged, Seed: seed);
        Prop.ForAll(cases.ToArbitrary(), sample => Check(sample).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

        async Task Check((int K, int N, int Length, int Damaged, int Seed) sample)
        {
            var random = new Random(sample.Seed);
            var content = Chk.RandomBytes(sample.Length, sample.Seed);
            var (_, shares) = await Mdmf.PublishAsync(_keys, 7, content, new SeededSalts(sample.Seed), sample.K, sample.N);
            var order = Chk.RandomNumbers(sample.Damaged + sample.K, sample.N, random);
            var segmentAt = Mdmf.SaltAt(content.Length == 0 ? 0 : random.Next(content.Length) / ((Segment + sample.K - 1) / sample.K * sample.K), sample.K);
            foreach (var number in order[..sample.Damaged])
            {
                // Salt or block, of the same segment in all: the others can still be had from any share.
                var end = Math.Min(TreeAt(shares[number]), segmentAt + 16 + ((Segment + sample.K - 1) / sample.K));
                shares[number][content.Length == 0 ? 9 : random.Next(segmentAt, end)] ^= (byte)random.Next(1, 256);
            }

            var needed = Chk.Pick(shares, order);
            random.Shuffle(needed);
            var map = await Mdmf.MapAsync(Cap, needed);
            var reader = map.RequireBest().OpenReader(Cap.ToReadCap()).ShouldBeOfType<MdmfReader>();
            var from = random.Next(content.Length + 1);
            var range = new byte[random.Next(content.Length - from + 1)];
            await reader.ReadAsync(from, range, Chk.Cancel);
            range.ShouldBe(content[from..(from + range.Length)]);
            var whole = new byte[content.Length];
            await reader.ReadAsync(0, whole, Chk.Cancel);
            whole.ShouldBe(content);

            // Of the damaged ones those with low numbers were looked at; nothing else was called damaged.
            reader.Troubles.Concat(map.Troubles).ShouldAllBe(trouble => order.Take(sample.Damaged).Contains(trouble.Share.Number));
            var tooFew = await Mdmf.MapAsync(Cap, Chk.Pick(shares, order[..(sample.Damaged + sample.K - 1)]));
            // Of a single share it is said what is wrong with it; that of an empty file has nothing but the signed header.
            var isHeaderOfOnly = sample is { K: 1, Damaged: 1, Length: 0 };
            (await Should.ThrowAsync<DamagedShareException>(() => ReadAllAsync(tooFew))).Reason.ShouldBe(isHeaderOfOnly ? ShareDamage.BadSignature : ShareDamage.TooFewShares);
        }
    }

    [Fact]
    public void UpdatesInPlaceGiveWhatWritingTheWholeGives()
    {
        var cases =
            from n in Gen.Choose(1, 4)
            from k in Gen.Choose(1, n)
            from length in Gen.Elements(1, 1000, Segment - 1, Segment, Segment + 1, (2 * Segment) + 5, 3 * Segment)
            from at in Gen.Choose(0, 10)
            from count in Gen.Elements(1, 17, Segment - 1, Segment, Segment + 1, 2 * Segment)
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select (K: k, N: n, Length: length, Offset: (int)((long)length * at / 10), Count: count, Seed: seed);
        Prop.ForAll(cases.ToArbitrary(), sample => Check(sample).GetAwaiter().GetResult()).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

        async Task Check((int K, int N, int Length, int Offset, int Count, int Seed) sample)
        {
            var content = Chk.RandomBytes(sample.Length, sample.Seed);
            var (_, shares) = await Mdmf.PublishAsync(_keys, 3, content, new SeededSalts(sample.Seed), sample.K, sample.N);
            var data = Chk.RandomBytes(sample.Count, sample.Seed + 1);
            var (update, updated) = await Mdmf.UpdateAsync(shares, _keys, 4, sample.Offset, data, new SeededSalts(sample.Seed + 2));
            var expected = new byte[Math.Max(sample.Length, sample.Offset + sample.Count)];
            content.CopyTo(expected, 0);
            data.CopyTo(expected, sample.Offset);
            (await Mdmf.ReadAsync(Cap, Chk.Pick(updated, Chk.RandomNumbers(sample.K, sample.N, new Random(sample.Seed))))).ShouldBe(expected);

            // With the salts that are in the shares now, the whole file is written to the same bytes.
            var size = (Segment + sample.K - 1) / sample.K * sample.K;
            var salts = Enumerable.Range(0, (expected.Length + size - 1) / size).Select(s => updated[0].AsSpan(Mdmf.SaltAt(s, sample.K), 16).ToArray()).ToArray();
            var (whole, again) = await Mdmf.PublishAsync(_keys, 4, expected, new GivenSalts(salts), sample.K, sample.N);
            whole.RootHash.ShouldBe(update.RootHash);
            for (var i = 0; i < again.Length; i++)
            {
                again[i].AsSpan(2167).SequenceEqual(updated[i].AsSpan(2167, again[i].Length - 2167)).ShouldBeTrue();
                await MutableShareVerifier.VerifyAsync(Cap.ToVerifyCap(), Mdmf.All(updated)[i], Chk.Cancel);
            }

            var first = sample.Offset / size;
            var last = (sample.Offset + sample.Count - 1) / size;
            update.BlocksAt.ShouldBe(Mdmf.SaltAt(first, sample.K));
            update.BlocksLength.ShouldBeLessThanOrEqualTo((last - first + 1) * (16 + (size / sample.K)));
        }
    }

    [Fact]
    public async Task AnUpdateReadsNoSegmentButThoseAtTheEndsOfItsRange()
    {
        var (_, shares) = await Mdmf.PublishAsync(_keys, 1, Chk.RandomBytes(6 * Segment), new SeededSalts(1), 1, 1);
        var source = new CountingSource(shares[0]);
        var version = (await Mdmf.BestAsync(Cap, new NumberedShare(0, source)));
        source.Offsets.Clear();
        await MdmfUpdater.UpdateAsync(version, _keys, 2, Segment + 10, new MemoryStream(new byte[3 * Segment]), 3 * Segment, new SeededSalts(2), Mdmf.Streams(1), Chk.Cancel);
        source.Offsets.ShouldBe([Mdmf.SaltAt(1, 1), Mdmf.SaltAt(4, 1)]);
        source.Offsets.Clear();
        await MdmfUpdater.UpdateAsync(version, _keys, 2, Segment, new MemoryStream(new byte[Segment]), Segment, new SeededSalts(2), Mdmf.Streams(1), Chk.Cancel);
        source.Offsets.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnUpdateIsRefusedWhereItWouldNotBeSafe()
    {
        var content = Chk.RandomBytes(1000);
        var (_, shares) = await Mdmf.PublishAsync(_keys, 5, content, new SeededSalts(1), 2, 3);
        var partial = (await Mdmf.BestAsync(Cap, Chk.Pick(shares, 0, 1)));
        partial.CanBeUpdated.ShouldBeFalse();
        await Should.ThrowAsync<InvalidOperationException>(() => UpdateAsync(partial, _keys, 6, 0));
        var version = (await Mdmf.BestAsync(Cap, Mdmf.All(shares)));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => UpdateAsync(version, _keys, 5, 0));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => UpdateAsync(version, _keys, 6, 1001));
        using var others = MutableKeys.FromPkcs1(KnownAnswers.PrivateKey("key09.pem"));
        await Should.ThrowAsync<ArgumentException>(() => UpdateAsync(version, others, 6, 0));
        (await UpdateAsync(version, _keys, 6, 1000)).ShareLength.ShouldBe(2167 + 16 + 504 + 32);

        static Task<MdmfPublication> UpdateAsync(MdmfVersionShares version, MutableKeys keys, long seqnum, long offset)
            => MdmfUpdater.UpdateAsync(version, keys, seqnum, offset, new MemoryStream(new byte[8]), 8, new SeededSalts(2), Mdmf.Streams(3), Chk.Cancel);
    }

    [Fact]
    public async Task EveryFlippedByteThatCountsIsDetected()
    {
        var (publication, shares) = await Mdmf.PublishAsync(_keys, 3, Chk.RandomBytes(200), new SeededSalts(1), 1, 2);
        var share = shares[1];
        var keyEnd = 123 + _keys.PrivateKey.Length;
        var headEnd = keyEnd + 34 + 256 + 294;
        for (var i = 0; i < share.Length; i++)
        {
            var changed = (byte[])share.Clone();
            changed[i] ^= 0x41;
            var verifying = () => MutableShareVerifier.VerifyAsync(Cap.ToVerifyCap(), Chk.Pick([changed], 0)[0] with { Number = 1 }, Chk.Cancel);
            if ((i >= 123 && i < keyEnd) || (i >= headEnd && i < 2167) || i is >= 59 and < 67)
            {
                // Not signed: the private key, where it stands, and the gap.
                continue;
            }

            await Should.ThrowAsync<DamagedShareException>(verifying, $"byte {i} was flipped unnoticed");
        }

        publication.ShareLength.ShouldBe(share.Length);
        share[200] ^= 1;
        var damagedKey = (await Mdmf.BestAsync(Cap, Chk.Pick(shares, 1)));
        Should.Throw<DamagedShareException>(() => damagedKey.ReadKeys(Cap)).Reason.ShouldBe(ShareDamage.BadPrivateKey);
        using var found = (await Mdmf.BestAsync(Cap, Mdmf.All(shares))).ReadKeys(Cap);
        found.Fingerprint.ShouldBe(_keys.Fingerprint);
    }

    [Fact]
    public async Task DamagedInnerNodesConcernTheVerifierOnly()
    {
        var content = Chk.RandomBytes((2 * Segment) + 1);
        var (_, shares) = await Mdmf.PublishAsync(_keys, 3, content, new SeededSalts(1), 1, 1);
        var treeAt = TreeAt(shares[0]);
        (shares[0].Length - treeAt).ShouldBe(7 * 32);
        shares[0][treeAt + 40] ^= 1;
        var verifying = () => MutableShareVerifier.VerifyAsync(Cap.ToVerifyCap(), Mdmf.All(shares)[0], Chk.Cancel);
        (await Should.ThrowAsync<DamagedShareException>(verifying)).Reason.ShouldBe(ShareDamage.BadHashTree);
        (await Mdmf.ReadAsync(Cap, Mdmf.All(shares))).ShouldBe(content);
    }

    [Fact]
    public async Task EveryTruncationIsDetected()
    {
        var (_, shares) = await Mdmf.PublishAsync(_keys, 3, Chk.RandomBytes(20), new SeededSalts(1), 1, 1);
        for (var length = 0; length < shares[0].Length; length += length is > 130 and < 2100 ? 97 : 1)
        {
            var map = await Mdmf.MapAsync(Cap, Chk.Pick([shares[0][..length]], 0));
            map.Troubles.ShouldHaveSingleItem().Damage.ShouldBe(ShareDamage.Truncated);
        }
    }

    [Fact]
    public async Task TheGreatestVersionThatKSharesHaveIsTheBest()
    {
        var (_, old) = await Mdmf.PublishAsync(_keys, 3, "old"u8.ToArray(), new SeededSalts(1), 2, 4);
        var (_, newer) = await Mdmf.PublishAsync(_keys, 5, "newer"u8.ToArray(), new SeededSalts(2), 3, 4);
        var (_, newest) = await Mdmf.PublishAsync(_keys, 9, "newest"u8.ToArray(), new SeededSalts(3), 2, 4);
        var map = await Mdmf.MapAsync(Cap, [.. Chk.Pick(old, 0, 3), .. Chk.Pick(newer, 3, 1, 0), .. Chk.Pick(newest, 2)]);
        map.Versions.Select(version => (version.Seqnum, version.Numbers.Count, version.IsRecoverable)).ShouldBe([(9L, 1, false), (5L, 3, true), (3L, 2, true)]);
        map.Best!.Seqnum.ShouldBe(5);
        map.HighestSeqnum.ShouldBe(9);
        map.HasNewerUnrecoverable.ShouldBeTrue();
        map.NeedsMerge.ShouldBeFalse();
        (await ReadAllAsync(map)).ShouldBe("newer"u8.ToArray());

        var twice = await Mdmf.MapAsync(Cap, [.. Chk.Pick(newest, 2), .. Chk.Pick(newest, 2)]);
        twice.Best.ShouldBeNull();
        Should.Throw<DamagedShareException>(twice.RequireBest).Message.ShouldContain("Of version 9: 1 of 2.");
        var (_, rival) = await Mdmf.PublishAsync(_keys, 9, "rival"u8.ToArray(), new SeededSalts(4), 1, 1);
        var merge = await Mdmf.MapAsync(Cap, [.. Chk.Pick(newest, 2, 0), .. Chk.Pick(rival, 0)]);
        merge.NeedsMerge.ShouldBeTrue();
        merge.Best!.RootHash.ShouldBe(merge.Versions.Max(version => version.RootHash));
    }

    [Fact]
    public async Task TheSecondCopyOfAShareStandsInForTheFirstAndFailingSourcesForNothing()
    {
        var content = Chk.RandomBytes(2 * Segment);
        var (_, shares) = await Mdmf.PublishAsync(_keys, 1, content, new SeededSalts(1), 2, 3);
        var damaged = (byte[])shares[0].Clone();
        damaged[Mdmf.SaltAt(1, 2) + 20] ^= 1;
        var map = await Mdmf.MapAsync(Cap, [.. Chk.Pick([damaged], 0), .. Chk.Pick(shares, 0, 2), new NumberedShare(1, new FailingSource())]);
        map.Troubles.ShouldHaveSingleItem().Error.ShouldBeOfType<IOException>();
        var reader = map.RequireBest().OpenReader(Cap.ToReadCap()).ShouldBeOfType<MdmfReader>();
        var read = new byte[content.Length];
        await reader.ReadAsync(0, read, Chk.Cancel);
        read.ShouldBe(content);
        reader.Troubles.ShouldHaveSingleItem().Damage.ShouldBe(ShareDamage.BadBlock);
    }

    [Fact]
    public async Task TheSharesDecideWhichFormatAVersionHasAndTheGreatestSeqnumWins()
    {
        var sdmf = Chk.Pick([.. SdmfPublisher.Build(_keys, 3, "sdmf"u8, new byte[16], 2, 3).Shares.Select(share => share.ToArray())], 0, 1);
        foreach (var (seqnum, expected, format) in new[] { (2, "sdmf", MutableFormat.Sdmf), (4, "mdmf", MutableFormat.Mdmf) })
        {
            var (_, mdmf) = await Mdmf.PublishAsync(_keys, seqnum, "mdmf"u8.ToArray(), new SeededSalts(seqnum), 2, 3);
            foreach (var cap in new[] { Cap, _keys.ToWriteCap() })
            {
                var map = await Mdmf.MapAsync(cap, [.. sdmf, .. Chk.Pick(mdmf, 2, 0)]);
                map.Troubles.ShouldBeEmpty();
                map.Versions.Count.ShouldBe(2);
                map.RequireBest().Format.ShouldBe(format);
                map.HighestSeqnum.ShouldBe(Math.Max(3, seqnum));
                (await ReadAllAsync(map)).ShouldBe(System.Text.Encoding.ASCII.GetBytes(expected));
            }
        }
    }

    [Fact]
    public async Task ADamagedBlockIsATroubleWhereEveryByteIsLookedAt()
    {
        var (_, shares) = await Mdmf.PublishAsync(_keys, 5, Chk.RandomBytes(2 * Segment), new SeededSalts(1), 2, 3);
        shares[1][Mdmf.SaltAt(1, 2) + 20] ^= 1;
        var map = await MutableShareMap.OpenAsync(Mdmf.All(shares), Cap.ToVerifyCap(), everyByte: true, Chk.Cancel);
        map.Troubles.ShouldHaveSingleItem().ToString().ShouldBe("share 1: Block 1 of share 1 is damaged.");
        map.RequireBest().Numbers.ShouldBe([0, 2]);
        (await Mdmf.MapAsync(Cap, Mdmf.All(shares))).RequireBest().Numbers.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task StaleBytesBehindTheEndDoNotMatterAndFormatsAreToldApart()
    {
        var (_, shares) = await Mdmf.PublishAsync(_keys, 1, Chk.RandomBytes(Segment + 1), new SeededSalts(1), 1, 1);
        var streams = Mdmf.Streams(1);
        var shorter = await MdmfPublisher.PublishAsync(_keys, 2, new MemoryStream("short"u8.ToArray()), 5, new SeededSalts(2), streams, 1, Chk.Cancel);
        var applied = Mdmf.Apply(shorter, streams, shares);
        applied[0].Length.ShouldBe(shares[0].Length);
        (await Mdmf.ReadAsync(Cap, Mdmf.All(applied))).ShouldBe("short"u8.ToArray());

        var sdmf = SdmfPublisher.Build(_keys, 1, "other"u8, new byte[16]).Shares[0].ToArray();
        Should.Throw<DamagedShareException>(() => MdmfHeader.Parse(sdmf, sdmf.Length)).Reason.ShouldBe(ShareDamage.NeedsSdmf);
        using var others = MutableKeys.FromPkcs1(KnownAnswers.PrivateKey("key09.pem"));
        var (_, forged) = await Mdmf.PublishAsync(others, 9, "forged"u8.ToArray(), new SeededSalts(1), 1, 1);
        (await Mdmf.MapAsync(Cap, Mdmf.All(forged))).Troubles.ShouldHaveSingleItem().Damage.ShouldBe(ShareDamage.BadPublicKey);
    }

    /// <summary>All shares of a version carry one signature, which is verified once; a share with other signed bytes must not ride on it.</summary>
    [Fact]
    public async Task AForgedSeqnumBesideSoundSharesIsNoVersion()
    {
        var (_, shares) = await Mdmf.PublishAsync(_keys, 3, Chk.RandomBytes(100), new SeededSalts(1), 1, 3);
        shares[1][8] = 9;
        var map = await Mdmf.MapAsync(Cap, Mdmf.All(shares));
        map.Troubles.ShouldHaveSingleItem().Damage.ShouldBe(ShareDamage.BadSignature);
        map.HighestSeqnum.ShouldBe(3);
        map.Versions.ShouldHaveSingleItem().Numbers.ShouldBe([0, 2]);
    }

    [Fact]
    public async Task TheSeqnumOfAShareWithDamagedHashesCounts()
    {
        var (_, shares) = await Mdmf.PublishAsync(_keys, 8, Chk.RandomBytes(100), new SeededSalts(1), 1, 1);
        shares[0][^1] ^= 1;
        var map = await Mdmf.MapAsync(Cap, Mdmf.All(shares));
        map.Best.ShouldBeNull();
        map.HighestSeqnum.ShouldBe(8);
        map.HasNewerUnrecoverable.ShouldBeTrue();
        map.Troubles.ShouldHaveSingleItem().Damage.ShouldBe(ShareDamage.BadHashTree);
        (await Mdmf.MapAsync(Cap)).HighestSeqnum.ShouldBe(0);
    }

    /// <summary>Somebody with the write key signs shares that do not belong together.</summary>
    [Fact]
    public async Task ALyingWriterIsNoticedWhereThatIsPossible()
    {
        var (_, one) = await Mdmf.PublishAsync(_keys, 1, Chk.RandomBytes(100, 1), new SeededSalts(1), 2, 2);
        var (_, two) = await Mdmf.PublishAsync(_keys, 1, Chk.RandomBytes(100, 1), new SeededSalts(2), 2, 2);
        var salts = (await Mdmf.BestAsync(Cap, Mdmf.All(Lie(one[0], two[1]))));
        (await Should.ThrowAsync<DamagedShareException>(() => Mdmf.RemakeAsync(salts))).Reason.ShouldBe(ShareDamage.BadSegment);
        (await Should.ThrowAsync<DamagedShareException>(() => Mdmf.ReadAsync(Cap, Mdmf.All(Lie(one[0], two[1]))))).Reason.ShouldBe(ShareDamage.BadSegment);

        var (_, first) = await Mdmf.PublishAsync(_keys, 1, Chk.RandomBytes(100, 1), new SeededSalts(1), 1, 2);
        var (_, second) = await Mdmf.PublishAsync(_keys, 1, Chk.RandomBytes(100, 2), new SeededSalts(1), 1, 2);
        var blocks = (await Mdmf.BestAsync(Cap, Mdmf.All(Lie(first[0], second[1]))));
        (await Should.ThrowAsync<DamagedShareException>(() => Mdmf.RemakeAsync(blocks))).Reason.ShouldBe(ShareDamage.BadHashTree);
    }

    /// <summary>docs/formats/mdmf.md, section 6. The values were computed a second time by other code, from the specification.</summary>
    [Fact]
    public async Task TheWorkedExampleComesOut()
    {
        using var keys = MutableKeys.FromPkcs1(Convert.FromBase64String(KnownAnswers.VectorCase(182).Text("rsaPrivateKeyPkcs1Base64")));
        byte[] content = [.. Enumerable.Range(0, 131074).Select(i => (byte)(i % 251))];
        byte[][] salts = [[.. Enumerable.Range(0, 16).Select(i => (byte)i)], [.. Enumerable.Range(16, 16).Select(i => (byte)i)]];
        var (publication, shares) = await Mdmf.PublishAsync(keys, 1, content, new GivenSalts(salts), 3, 10);
        shares.ShouldAllBe(share => share.Length == 45987);
        Convert.ToHexStringLower(SegmentKey.Of(keys.WriteKey.ToReadKey(), salts[1]).ToArray()).ShouldBe("5b39516171545fdb073f4bd9db8d680d");
        new[] { 0, 3, 9 }.Select(i => Convert.ToHexStringLower(shares[i].AsSpan(2167, 32))).ShouldBe(
        [
            "000102030405060708090a0b0c0d0e0f712f87de3e117d98636c530a2890d563",
            "000102030405060708090a0b0c0d0e0fb6956c433181579180f43636875bfbad",
            "000102030405060708090a0b0c0d0e0f9251b436c9896280881e6eb1cc953164",
        ]);
        new[] { 0, 3, 9 }.Select(i => Convert.ToHexStringLower(shares[i].AsSpan(2167 + 16 + 43691, 17))).ShouldBe(
            ["101112131415161718191a1b1c1d1e1fea", "101112131415161718191a1b1c1d1e1faf", "101112131415161718191a1b1c1d1e1ff0"]);
        Convert.ToHexStringLower(publication.Trees[3].Span[..32]).ShouldBe("252e5a98e1b70e38005d3877b7ec3191789e883bf10921c24614b7e16b332173");
        Convert.ToHexStringLower(publication.RootHash.ToArray()).ShouldBe("b79141dac2f6c1239ed7cf8a23079cf9876087398c15d2e606ae6784e930e321");
    }

    [Fact]
    public async Task TheContentIsNotInTheShares()
    {
        var (_, shares) = await Mdmf.PublishAsync(_keys, 1, "a rather recognizable content"u8.ToArray(), new SeededSalts(1), 1, 1);
        shares[0].AsSpan().IndexOf("recognizable"u8).ShouldBe(-1);
        shares[0].AsSpan().IndexOf(_keys.PrivateKey.Span[400..432]).ShouldBe(-1);
    }

    private byte[][] Lie(byte[] zero, byte[] one)
    {
        byte[][] shares = [(byte[])zero.Clone(), (byte[])one.Clone()];
        // With one segment the tree is its root, and the chain of a share of two is the root of the other.
        var tree = MerkleTree.FromLeaves([.. zero[^32..], .. one[^32..]]);
        for (var i = 0; i < 2; i++)
        {
            tree.Root.CopyTo(shares[i].AsSpan(9));
            shares[1 - i].AsSpan(shares[1 - i].Length - 32).CopyTo(shares[i].AsSpan(123 + _keys.PrivateKey.Length + 2));
        }

        var signature = _keys.Sign(shares[0].AsSpan(0, 59));
        Array.ForEach(shares, share => signature.CopyTo(share.AsSpan(123 + _keys.PrivateKey.Length + 34)));
        return shares;
    }

    private static int TreeAt(byte[] share) => (int)System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(share.AsSpan(107));

    private async Task<byte[]> ReadAllAsync(MutableShareMap map)
    {
        var reader = map.RequireBest().OpenReader(Cap.ToReadCap());
        var content = new byte[reader.Size];
        await reader.ReadAsync(0, content, Chk.Cancel);
        return content.Length > 0 ? content : throw new DamagedShareException(ShareDamage.TooFewShares, "An empty file has no block to miss.");
    }

    private sealed class CountingSource(byte[] share) : IShareSource
    {
        private readonly MemoryShareSource _share = new(share);

        public List<long> Offsets { get; } = [];

        public long Length => _share.Length;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel)
        {
            Offsets.Add(offset);
            return _share.ReadAsync(offset, destination, cancel);
        }
    }

    private sealed class FailingSource : IShareSource
    {
        public long Length => 5000;

        public ValueTask ReadAsync(long offset, Memory<byte> destination, CancellationToken cancel) => throw new IOException("The server is gone.");
    }
}

using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Mutable;
using MagicFolder.Tahoe.Tests.Immutable;

namespace MagicFolder.Tahoe.Tests.Mutable;

public sealed class SdmfTests : IDisposable
{
    private static readonly byte[] Iv = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
    private readonly MutableKeys _keys = MutableKeys.FromPkcs1(KnownAnswers.PrivateKey("key02.pem"));

    public void Dispose() => _keys.Dispose();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(57, 1)]
    [InlineData(100_000, 1)]
    [InlineData(0, 3)]
    [InlineData(1000, 10)]
    public void WhatIsPublishedReadsBackFromEveryShare(int length, int n)
    {
        var content = Chk.RandomBytes(length);
        var publication = SdmfPublisher.Build(_keys, 7, content, Iv, n: n);
        publication.Shares.Count.ShouldBe(n);
        for (var i = 0; i < n; i++)
        {
            var version = SdmfReader.Read(publication.Shares[i], i, _keys.ToWriteCap().ToReadCap());
            version.Content.ToArray().ShouldBe(content);
            version.Seqnum.ShouldBe(7);
            version.RootHash.ShouldBe(publication.RootHash);
            version.PublicKey.ToArray().ShouldBe(_keys.PublicKey.ToArray());
        }
    }

    [Fact]
    public void TheDataKeyAndTheShareLengthMatchTheWorkedValues()
    {
        using var keys = MutableKeys.FromPkcs1(Convert.FromBase64String(KnownAnswers.VectorCase(1).Text("rsaPrivateKeyPkcs1Base64")));
        var key = SegmentKey.Of(keys.ToWriteCap().ToReadCap().ReadKey, Iv);
        Convert.ToHexStringLower(key.ToArray()).ShouldBe("d98f153c7440b23ab0223938f481a16e");
        SdmfPublisher.Build(keys, 1, new byte[100], Iv).Shares[0].Length.ShouldBe(1907 + 100);
    }

    [Fact]
    public void TheContentIsNotInTheShare()
    {
        var share = SdmfPublisher.Build(_keys, 1, "a rather recognizable content"u8, Iv).Shares[0];
        share.Span.IndexOf("recognizable"u8).ShouldBe(-1);
        share.Span.IndexOf(_keys.PrivateKey.Span[400..432]).ShouldBe(-1);
    }

    [Fact]
    public void StaleBytesBehindTheEndDoNotMatter()
    {
        var share = SdmfPublisher.Build(_keys, 1, "short"u8, Iv).Shares[0].ToArray();
        var version = SdmfReader.Read(share.Concat(new byte[100]).ToArray(), 0, _keys.ToWriteCap().ToReadCap());
        version.Content.ToArray().ShouldBe("short"u8.ToArray());
    }

    [Fact]
    public void EveryFlippedByteOutsideThePrivateKeyIsDetected()
    {
        var share = SdmfPublisher.Build(_keys, 3, Chk.RandomBytes(200), Iv).Shares[0].ToArray();
        var keyAt = share.Length - SdmfShare.Parse(share).EncryptedPrivateKey.Length;
        var cap = _keys.ToWriteCap().ToReadCap();
        for (var i = 0; i < keyAt; i++)
        {
            var changed = (byte[])share.Clone();
            changed[i] ^= 0x41;
            if (i is >= 91 and < 107)
            {
                // Where the private key stands and ends is not signed; a reader without the write cap has no use for it.
                continue;
            }

            Should.Throw<DamagedShareException>(() => SdmfReader.Read(changed, 0, cap), $"byte {i} was flipped unnoticed");
        }

        for (var i = keyAt; i < share.Length; i++)
        {
            var changed = (byte[])share.Clone();
            changed[i] ^= 0x41;
            var failure = Should.Throw<DamagedShareException>(() => SdmfReader.ReadKeys(SdmfShare.Parse(changed), _keys.ToWriteCap()));
            failure.Reason.ShouldBe(ShareDamage.BadPrivateKey);
        }
    }

    [Theory]
    [InlineData(0, ShareDamage.UnknownVersion)]
    [InlineData(1, ShareDamage.BadSignature)]
    [InlineData(9, ShareDamage.BadSignature)]
    [InlineData(41, ShareDamage.BadSignature)]
    [InlineData(58, ShareDamage.BadSignature)]
    [InlineData(75, ShareDamage.BadLayout)]
    [InlineData(99, ShareDamage.Truncated)]
    [InlineData(107 + 100, ShareDamage.BadPublicKey)]
    [InlineData(107 + 294, ShareDamage.BadSignature)]
    [InlineData(107 + 294 + 256, ShareDamage.BadBlock)]
    [InlineData(107 + 294 + 256 + 32, ShareDamage.BadBlock)]
    public void DamageHasItsReason(int at, ShareDamage reason)
    {
        var share = SdmfPublisher.Build(_keys, 3, Chk.RandomBytes(200), Iv).Shares[0].ToArray();
        share[at] ^= 0x41;
        Should.Throw<DamagedShareException>(() => SdmfReader.Read(share, 0, _keys.ToWriteCap().ToReadCap())).Reason.ShouldBe(reason);
    }

    [Fact]
    public void BlockAndTreeChangedTogetherDoNotLeadToTheSignedRoot()
    {
        var first = SdmfPublisher.Build(_keys, 3, Chk.RandomBytes(200, 1), Iv).Shares[0].ToArray();
        var second = SdmfPublisher.Build(_keys, 3, Chk.RandomBytes(200, 2), Iv).Shares[0].ToArray();
        second.AsSpan(107 + 294 + 256).CopyTo(first.AsSpan(107 + 294 + 256));
        Should.Throw<DamagedShareException>(() => SdmfReader.Read(first, 0, _keys.ToWriteCap().ToReadCap())).Reason.ShouldBe(ShareDamage.BadHashTree);
    }

    [Fact]
    public void EveryTruncationIsDetected()
    {
        var share = SdmfPublisher.Build(_keys, 3, Chk.RandomBytes(20), Iv).Shares[0];
        for (var length = 0; length < share.Length; length++)
        {
            Should.Throw<DamagedShareException>(() => SdmfShare.Parse(share[..length])).Reason.ShouldBe(ShareDamage.Truncated);
        }
    }

    [Fact]
    public void AShareOfAnotherWriterIsRefused()
    {
        using var others = MutableKeys.FromPkcs1(KnownAnswers.PrivateKey("key03.pem"));
        var share = SdmfPublisher.Build(others, 1, "forged"u8, Iv).Shares[0];
        Should.Throw<DamagedShareException>(() => SdmfReader.Read(share, 0, _keys.ToWriteCap().ToReadCap())).Reason.ShouldBe(ShareDamage.BadPublicKey);
    }

    [Fact]
    public void NewVersionsReplaceOldOnesByTheirCheckstring()
    {
        var first = SdmfPublisher.Build(_keys, 1, "one"u8, Iv);
        var second = SdmfPublisher.Build(_keys, 2, "two"u8, [.. Iv.Reverse()]);
        first.Checkstring.Length.ShouldBe(SdmfShare.CheckstringLength);
        first.Checkstring.ToArray().ShouldNotBe(second.Checkstring.ToArray());
        SdmfReader.Read(first.Shares[0], 0, _keys.ToWriteCap().ToReadCap()).Checkstring.ToArray().ShouldBe(first.Checkstring.ToArray());
    }

    [Fact]
    public void RandomHeadersNeverCrashTheParser()
    {
        var share = SdmfPublisher.Build(_keys, 3, Chk.RandomBytes(50), Iv).Shares[0].ToArray();
        var random = new Random(13);
        for (var i = 0; i < 5000; i++)
        {
            var changed = (byte[])share.Clone();
            for (var n = random.Next(1, 8); n > 0; n--)
            {
                changed[random.Next(1, 107)] = random.Next(3) switch { 0 => 0, 1 => 0xff, _ => (byte)random.Next(256) };
            }

            try
            {
                SdmfShare.Parse(changed).EncryptedPrivateKey.Length.ShouldBeLessThanOrEqualTo(changed.Length);
            }
            catch (DamagedShareException)
            {
                // What the parser says of damage.
            }
        }
    }
}

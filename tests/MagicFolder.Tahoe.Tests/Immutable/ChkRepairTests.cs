using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Tests.Immutable;

/// <summary>Verifying whole shares, and making them again.</summary>
public sealed class ChkRepairTests
{
    private static readonly byte[] Plain = Chk.RandomBytes(200);
    private static readonly AesKey Key = AesKey.From(Chk.RandomBytes(16));

    [Theory]
    [InlineData(1, 1, 64)]
    [InlineData(1, 3, 64)]
    [InlineData(2, 3, 1000)]
    [InlineData(3, 7, 50)]
    [InlineData(20, 60, 64)]
    public async Task MissingSharesAreMadeAgainByteForByte(int k, int n, int segmentSize)
    {
        foreach (var withHash in new[] { false, true })
        {
            var (cap, shares) = await Chk.EncodeAllAsync(Plain, new ChkParameters(k, n, segmentSize) { IncludeCiphertextHash = withHash }, Key);
            var verifyCap = Cap.Parse<ChkVerifyCap>(cap.ToVerifyCap().ToUriString());
            (await Chk.RepairAsync(verifyCap, Chk.Pick(shares, Chk.RandomNumbers(k, n, new Random(k))))).ShouldBe(shares);
        }
    }

    [Fact]
    public async Task OnlyWantedSharesAreWrittenAndDamagedOnesAreNamed()
    {
        var (cap, shares) = await Chk.EncodeAllAsync(Plain, new ChkParameters(3, 7, 50), Key);
        var broken = (byte[])shares[1].Clone();
        broken[0x24 + 20] ^= 1;
        var repairer = await ChkRepairer.OpenAsync(
            cap.ToVerifyCap(), [new NumberedShare(1, new MemoryShareSource(broken)), .. Chk.Pick(shares, 0, 5, 6)], Chk.Cancel);
        var wanted = new Stream?[] { null, new MemoryStream(), null, null, new MemoryStream(), null, null };
        await repairer.WriteAsync(wanted, Chk.Cancel);
        ((MemoryStream)wanted[1]!).ToArray().ShouldBe(shares[1]);
        ((MemoryStream)wanted[4]!).ToArray().ShouldBe(shares[4]);
        repairer.Troubles.ShouldHaveSingleItem().Share.Number.ShouldBe(1);
        await Should.ThrowAsync<ArgumentException>(() => repairer.WriteAsync(new Stream?[3], Chk.Cancel));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(3, 7)]
    public async Task EveryFlippedByteThatAReaderMayUseIsFound(int k, int n)
    {
        var (cap, shares) = await Chk.EncodeAllAsync(Plain, new ChkParameters(k, n, 64), Key);
        var share = shares[n / 2];
        var verifyCap = cap.ToVerifyCap();
        await ChkShareVerifier.VerifyAsync(verifyCap, Chk.Pick(shares, n / 2)[0], Chk.Cancel);
        var obsolete = ChkShareLayout.Parse(share.AsSpan(0, 68), share.Length);
        for (var i = 0; i < share.Length; i++)
        {
            // Two informational sizes, the place of the obsolete tree, and that tree.
            if (i is (>= 4 and < 12) or (>= 0x10 and < 0x14) || (i >= obsolete.PlaintextTree && i < obsolete.CiphertextTree))
            {
                continue;
            }

            var changed = (byte[])share.Clone();
            changed[i] ^= 0x41;
            await Should.ThrowAsync<DamagedShareException>(
                () => ChkShareVerifier.VerifyAsync(verifyCap, new NumberedShare(n / 2, new MemoryShareSource(changed)), Chk.Cancel), $"byte {i} was flipped unnoticed");
        }
    }

    /// <summary>The encoder says in its URI extension block that the roots are others, or encodes blocks of other bytes: all hashes of each share verify.</summary>
    [Fact]
    public async Task WhatALyingEncoderMadeIsNeitherReadNorRepaired()
    {
        var (cap, shares) = await Chk.EncodeAllAsync(Plain, new ChkParameters(2, 3, 1000), Key);
        var lies = Array.ConvertAll(shares, share => (byte[])share.Clone());

        // Share 2 gets a block that is no combination of the others; the trees above it are made right.
        var layout = ChkShareLayout.Parse(lies[2].AsSpan(0, 68), lies[2].Length);
        lies[2][layout.Data] ^= 1;
        var roots = new byte[3 * 32];
        for (var i = 0; i < 3; i++)
        {
            var hash = TaggedHash.Compute(HashTags.Block, lies[i].AsSpan((int)layout.Data, 100));
            hash.CopyTo(roots.AsSpan(32 * i));
            hash.CopyTo(lies[i].AsSpan((int)layout.BlockTree));
        }

        var tree = MerkleTree.FromLeaves(roots);
        Digest uebHash = default;
        for (var i = 0; i < 3; i++)
        {
            HashChain.Write(tree, MerkleTree.ChainOf(i, 3, withLeaf: true)).CopyTo(lies[i].AsSpan((int)layout.Chain));
            var extension = lies[i].AsSpan((int)layout.UriExtension + 4);
            tree.Root.CopyTo(extension[(extension.IndexOf("share_root_hash:32:"u8) + 19)..]);
            uebHash = TaggedHash.Compute(HashTags.UriExtension, extension);
        }

        var lyingCap = new ChkCap(Key, uebHash, 2, 3, 200);
        (await Chk.DecodeAsync(lyingCap, Chk.Pick(lies, 0, 1))).ShouldBe(Plain);
        var failure = await Should.ThrowAsync<DamagedShareException>(() => Chk.DecodeAsync(lyingCap, Chk.Pick(lies, 0, 2)));
        failure.Reason.ShouldBe(ShareDamage.BadSegment);
        (await Should.ThrowAsync<DamagedShareException>(() => Chk.RepairAsync(lyingCap.ToVerifyCap(), Chk.Pick(lies, 0, 1)))).Reason.ShouldBe(ShareDamage.BadHashTree);
        for (var i = 0; i < 3; i++)
        {
            await ChkShareVerifier.VerifyAsync(lyingCap.ToVerifyCap(), Chk.Pick(lies, i)[0], Chk.Cancel);
        }
    }

    [Theory]
    [InlineData("codec_params:7:200-2-3,", "codec_params:7:200-2-4,")]
    [InlineData("needed_shares:1:2,", "needed_shares:1:3,")]
    [InlineData("total_shares:1:3,", "total_shares:1:4,")]
    [InlineData("size:3:200,", "size:3:201,")]
    [InlineData("codec_name:3:crs,", "codec_name:3:xyz,")]
    [InlineData("num_segments:1:1,", "num_segments:1:2,")]
    [InlineData("tail_codec_params:7:200-2-3,", "tail_codec_params:7:202-2-3,")]
    public async Task RepetitionsInTheUriExtensionBlockMustAgreeForAVerifier(string from, string to)
    {
        var (_, shares) = await Chk.EncodeAllAsync(Plain, new ChkParameters(2, 3, 1000), Key);
        var layout = ChkShareLayout.Parse(shares[0].AsSpan(0, 68), shares[0].Length);
        Digest hash = default;
        foreach (var share in shares)
        {
            var extension = share.AsSpan((int)layout.UriExtension + 4);
            var at = extension.LastIndexOf(System.Text.Encoding.ASCII.GetBytes(from));
            at.ShouldBeGreaterThanOrEqualTo(0);
            System.Text.Encoding.ASCII.GetBytes(to).CopyTo(extension[at..]);
            hash = TaggedHash.Compute(HashTags.UriExtension, extension);
        }

        var cap = new ChkCap(Key, hash, 2, 3, 200);
        (await Chk.DecodeAsync(cap, Chk.Pick(shares, 0, 2))).ShouldBe(Plain);
        var failure = await Should.ThrowAsync<DamagedShareException>(() => ChkShareVerifier.VerifyAsync(cap.ToVerifyCap(), Chk.Pick(shares, 2)[0], Chk.Cancel));
        failure.Reason.ShouldBe(ShareDamage.BadUriExtension);
    }
}

using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Tahoe.Tests.Immutable;

/// <summary>Short spellings for encoding and decoding in memory.</summary>
internal static class Chk
{
    internal static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static async Task<(ChkCap Cap, byte[] Share)> EncodeAsync(byte[] plain, ChkParameters parameters, byte[] secret)
    {
        var key = await ConvergentKey.ComputeAsync(new MemoryStream(plain), plain.Length, secret, parameters, Cancel);
        return await EncodeAsync(plain, parameters, key);
    }

    internal static async Task<(ChkCap Cap, byte[] Share)> EncodeAsync(byte[] plain, ChkParameters parameters, AesKey key)
    {
        var encoder = new ChkEncoder(key, plain.Length, parameters);
        var share = new MemoryStream();
        var cap = await encoder.EncodeAsync(new MemoryStream(plain), share, Cancel);
        share.Length.ShouldBe(encoder.ShareSize);
        cap.StorageIndex.ShouldBe(encoder.StorageIndex);
        return (cap, share.ToArray());
    }

    internal static ValueTask<ChkDecoder> OpenAsync(ChkCap cap, ReadOnlyMemory<byte> share, int number = 0)
        => ChkDecoder.OpenAsync(cap, [new NumberedShare(number, new MemoryShareSource(share))], Cancel);

    internal static async Task<byte[]> DecodeAsync(ChkCap cap, ReadOnlyMemory<byte> share, int number = 0)
    {
        var decoder = await OpenAsync(cap, share, number);
        var plain = new byte[decoder.Size];
        await decoder.ReadAsync(0, plain, Cancel);
        return plain;
    }

    internal static byte[] RandomBytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}

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

    /// <summary>All n shares.</summary>
    internal static async Task<(ChkCap Cap, byte[][] Shares)> EncodeAllAsync(byte[] plain, ChkParameters parameters, AesKey key)
    {
        var encoder = new ChkEncoder(key, plain.Length, parameters);
        var shares = Enumerable.Range(0, parameters.N).Select(_ => new MemoryStream()).ToArray();
        var cap = await encoder.EncodeAsync(new MemoryStream(plain), shares, Cancel);
        shares.ShouldAllBe(share => share.Length == encoder.ShareSize);
        return (cap, Array.ConvertAll(shares, share => share.ToArray()));
    }

    /// <summary>Some of all shares, in the given order.</summary>
    internal static NumberedShare[] Pick(byte[][] shares, params int[] numbers)
        => Array.ConvertAll(numbers, number => new NumberedShare(number, new MemoryShareSource(shares[number])));

    internal static async Task<byte[]> DecodeAsync(ChkCap cap, params NumberedShare[] shares)
    {
        var decoder = await ChkDecoder.OpenAsync(cap, shares, Cancel);
        var plain = new byte[decoder.Size];
        await decoder.ReadAsync(0, plain, Cancel);
        return plain;
    }

    /// <summary>All n shares, made of some.</summary>
    internal static async Task<byte[][]> RepairAsync(ChkVerifyCap cap, params NumberedShare[] shares)
    {
        var repairer = await ChkRepairer.OpenAsync(cap, shares, Cancel);
        var made = Enumerable.Range(0, cap.N).Select(_ => new MemoryStream()).ToArray();
        await repairer.WriteAsync(made, Cancel);
        made.ShouldAllBe(share => share.Length == repairer.ShareSize);
        return Array.ConvertAll(made, share => share.ToArray());
    }

    /// <summary>Some numbers below n, in random order.</summary>
    internal static int[] RandomNumbers(int count, int n, Random random)
    {
        var numbers = Enumerable.Range(0, n).ToArray();
        random.Shuffle(numbers);
        return numbers[..count];
    }

    internal static byte[] RandomBytes(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}

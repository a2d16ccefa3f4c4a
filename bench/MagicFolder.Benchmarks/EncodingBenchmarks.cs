using System.Globalization;
using BenchmarkDotNet.Attributes;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Immutable;

namespace MagicFolder.Benchmarks;

/// <summary>
/// Immutable files of 16 MiB, from plain bytes to shares and back, everything verified. Shares are written to nowhere and read from memory, so that the codes, hashes and
/// ciphers are measured and no disk.
/// </summary>
[MemoryDiagnoser]
public class EncodingBenchmarks
{
    public const int Bytes = 16 * 1024 * 1024;

    private readonly byte[] _plain = new byte[Bytes];
    private readonly byte[] _read = new byte[Bytes];
    private AesKey _key;
    private ChkParameters _parameters = ChkParameters.Default;
    private Stream[] _nowhere = [];
    private NumberedShare[] _shares = [];
    private ChkCap? _cap;

    /// <summary>Needed shares, of all, and the size of a segment in KiB; 128 KiB is that of packs.</summary>
    [Params("1-of-1 in 128", "1-of-1 in 1024", "3-of-10 in 1024", "20-of-60 in 1024")]
    public string Code { get; set; } = "";

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        var numbers = Code.Split(["-of-", " in "], StringSplitOptions.None).Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        _parameters = new ChkParameters(numbers[0], numbers[1], numbers[2] * 1024);
        new Random(1).NextBytes(_plain);
        _key = AesKey.From(_plain.AsSpan(0, AesKey.Length));
        _nowhere = [.. Enumerable.Repeat(Stream.Null, _parameters.N)];
        var shares = Enumerable.Range(0, _parameters.N).Select(_ => new MemoryStream()).ToArray();
        _cap = await new ChkEncoder(_key, Bytes, _parameters).EncodeAsync(new MemoryStream(_plain), shares, CancellationToken.None);
        _shares = [.. shares.Select((share, i) => new NumberedShare(i, new MemoryShareSource(share.ToArray())))];
    }

    [Benchmark]
    public Task Write() => new ChkEncoder(_key, Bytes, _parameters).EncodeAsync(new MemoryStream(_plain), _nowhere, CancellationToken.None);

    /// <summary>From the first k shares, which hold the segments as they are.</summary>
    [Benchmark]
    public Task ReadFirst() => ReadAsync(_shares[.._parameters.K]);

    /// <summary>From the last k shares: as many blocks as possible have to be computed.</summary>
    [Benchmark]
    public Task ReadLast() => ReadAsync(_shares[^_parameters.K..]);

    private async Task ReadAsync(NumberedShare[] shares)
    {
        var decoder = await ChkDecoder.OpenAsync(_cap!, shares, CancellationToken.None);
        await decoder.ReadAsync(0, _read, CancellationToken.None);
    }
}

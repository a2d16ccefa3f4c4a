using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Encryption;

namespace MagicFolder.Benchmarks;

/// <summary>What the machine can do on one core: the plain speed of what every file goes through.</summary>
public class MachineBenchmarks
{
    public const int Bytes = 16 * 1024 * 1024;

    private readonly byte[] _plain = new byte[Bytes];
    private readonly byte[] _other = new byte[Bytes];
    private readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];
    private AesKey _key;

    [GlobalSetup]
    public void SetUp()
    {
        new Random(1).NextBytes(_plain);
        _key = AesKey.From(_plain.AsSpan(0, AesKey.Length));
    }

    [Benchmark]
    public int Sha256() => SHA256.HashData(_plain, _hash);

    [Benchmark]
    public void Aes128Ctr() => AesCtr.Transform(_key, 0, _plain, _other);

    [Benchmark]
    public void Copy() => _plain.CopyTo(_other, 0);
}

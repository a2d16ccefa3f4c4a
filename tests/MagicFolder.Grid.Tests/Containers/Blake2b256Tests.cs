using MagicFolder.Tahoe.Shares;

namespace MagicFolder.Grid.Tests.Containers;

public class Blake2b256Tests
{
    // Computed with an independent implementation (hashlib.blake2b, digest_size=32) over bytes 0, 1, 2, ... mod 251.
    [Theory]
    [InlineData(0, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")]
    [InlineData(1, "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314")]
    [InlineData(3, "3d8c3d594928271f44aad7a04b177154806867bcf918e1549c0bc16f9da2b09b")]
    [InlineData(32, "cb2f5160fc1f7e05a55ef49d340b48da2e5a78099d53393351cd579dd42503d6")]
    [InlineData(64, "10d8e6d534b00939843fe9dcc4dae48cdf008f6b8b2b82b156f5404d874887f5")]
    [InlineData(127, "f2fe67ff342e21b8f45e8f2e0bcd1d9243245d50ee6c78042e9c491388791c72")]
    [InlineData(128, "c3582f71ebb2be66fa5dd750f80baae97554f3b015663c8be377cfcb2488c1d1")]
    [InlineData(129, "f7f3c46ba2564ff4c4c162da1f5b605f9f1c4aa6a20652a9f9a337c1a2f5b9c9")]
    [InlineData(255, "d9ef0fc521b4266d16df662bec231bc2ec3989e7adeaf63169c295dc239dbbea")]
    [InlineData(256, "582f782226018ec33076bd8d1c42413530ac7e1126260ffc0f306ba3befc3f24")]
    [InlineData(257, "227e15ed64ee8e93eb7bc53828f76eed974f2c4ab1408c3d08f212b7f8d69904")]
    [InlineData(1000, "b372d0608f720c8c3dd41e9c8eecb10143b41abe520b616607e754bf79c08331")]
    [InlineData(5000, "380a35589ac0b8796076c76b284d2e0dd0842d3eac226475610946e0c2277b8b")]
    public void MatchesKnownAnswers(int length, string expected)
    {
        var data = new byte[length];
        for (var i = 0; i < length; i++)
        {
            data[i] = (byte)(i % 251);
        }

        Convert.ToHexStringLower(Blake2b256.Hash(data)).ShouldBe(expected);
    }

    [Fact]
    public void PassesTheSelfTestOfTheRfcForThisLength()
    {
        // RFC 7693, appendix E: inputs of these lengths from its generator, here unkeyed with 32 bytes of output; their hashes are hashed again.
        var all = new List<byte>();
        foreach (var length in (int[])[0, 3, 128, 129, 255, 1024])
        {
            all.AddRange(Blake2b256.Hash(SelfTestSequence(length)));
        }

        Convert.ToHexStringLower(Blake2b256.Hash(all.ToArray())).ShouldBe("4f115497d72f1ccb3d237329babe50880012733139e76a227f62b1ee64cd03e4");
    }

    [Fact]
    public void HashesTheWorkedLeaseSecretOfTheSpecification()
    {
        var secret = Convert.FromHexString("aa4e09de7b2559b944f0901b9bf34a648b0b1bab63572c414bcf0f068e0f9196");
        Convert.ToHexStringLower(Blake2b256.Hash(secret)).ShouldBe("cca53d8bc9c731f07b9157bf3ed2fdde4249400f8112f3ba101ab6edee4c8500");
    }

    [Fact]
    public void MayWriteOverItsInput()
    {
        var buffer = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
        var expected = Blake2b256.Hash(buffer);
        Blake2b256.Hash(buffer, buffer);
        buffer.ShouldBe(expected);
    }

    private static byte[] SelfTestSequence(int length)
    {
        var result = new byte[length];
        var a = 0xDEAD4BAD * (uint)length;
        uint b = 1;
        for (var i = 0; i < length; i++)
        {
            var t = a + b;
            a = b;
            b = t;
            result[i] = (byte)(t >> 24);
        }

        return result;
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using MagicFolder.Model.Tree;

namespace MagicFolder.Model.Tests.Tree;

public sealed class NodeBoundaryTests
{
    [Fact]
    public void EachLevelLooksAtBitsOfItsOwn()
    {
        for (int level = 0; level <= NodeBoundary.MaxLevel; level++)
        {
            int ends = 0;
            for (int i = 0; i < 2000; i++)
            {
                var bits = BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Some.Path(i).Key));
                bool expected = level == 0 ? bits >> 123 == UInt128.Zero : (bits << (6 * level - 1)) >> 122 == UInt128.Zero;
                NodeBoundary.Ends(level, Some.Path(i)).ShouldBe(expected);
                if (expected) ends++;
            }
            ends.ShouldBeInRange(10, 100);
        }
    }
}

using System.Buffers.Binary;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tests.Versions;

public sealed class ActorIdTests
{
    [Fact]
    public void ItIsANumberOf128BitsInItsBytesItsOrderAndItsText()
    {
        UInt128[] numbers = [0, 1, ulong.MaxValue, (UInt128)1 << 64, ((UInt128)1 << 64) + 1, (UInt128)0x0123456789ABCDEF << 64 | 5, UInt128.MaxValue];
        foreach (var number in numbers)
        {
            var actor = new ActorId(number);
            actor.Value.ShouldBe(number);
            BinaryPrimitives.ReadUInt128BigEndian(actor.ToArray()).ShouldBe(number);
            ActorId.FromBytes(actor.ToArray()).ShouldBe(actor);
            foreach (var other in numbers) Math.Sign(actor.CompareTo(new ActorId(other))).ShouldBe(number.CompareTo(other));
            new FolderId(number).ToString().ShouldBe(number.ToString("x32"));
            FolderId.FromBytes(new FolderId(number).ToArray()).ShouldBe(new FolderId(number));
        }
        new ActorId((UInt128)0x0123456789ABCDEF << 64).ToString().ShouldBe("01234567");
    }
}

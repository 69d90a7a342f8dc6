# %% [markdown] of="b741868a"
# # 第 3 章 · 动量
#
# 普通梯度下降每走一步就把这一步忘掉，在狭窄的峡谷里它为此付出代价：它在两侧谷壁之间来回弹跳，沿着谷底却几乎不动。
# 本章给它一份只占一个数组的记忆，并且问：这样能快多少？
#
# **时间** 核心部分约 120 分钟；标有*延伸练习*的练习另计。
#
# **预备知识** 梯度下降与学习率（第 0 章）；海森矩阵及其特征值（第 1 章）；批与轮（第 2 章）。
#
# **论文** Polyak (1964)，Nesterov (1983)，Sutskever、Martens、Dahl 和 Hinton (2013)，Lessard、Recht 和 Packard (2016)。

# %% tags=["setup"] of="ae3d351f"

# %% [markdown] of="ffe586a4"
# ## 1 · 看它失败
#
# 本章的地图是损失函数 $f(x, y) = x^2/20 + y^2$。
# 它是一条峡谷：横向（沿 $y$）很陡，沿着谷底（沿 $x$）几乎是平的。
# 它的二阶导数是 $\lambda_x = 0.1$ 和 $\lambda_y = 2$，也就是海森矩阵的特征值。
# 最大特征值与最小特征值之比是**条件数** $\kappa = 2/0.1 = 20$。
#
# 我们总是从 $(-7, 2)$ 出发。最小值点用星号标出，在 $(0, 0)$。

# %% [markdown] of="d1001cc8"
# > **预测。** 箭头 $-\nabla f$ 指向下坡，与等高线垂直。
# > 在 $(-7, 2)$ 处，它偏离最小值点的方向多少度？
#
# 运行下面的单元格，输入你的猜测，或者用它替换那三个点。
# 猜测留在你的笔记本里，不计分；不想猜也可以跳过，继续往下做。

# %% of="1829bd8f"

# %% tags=["experiment"] of="68f44de4"
downhill = -ravine.gradient(ravine.start)
to_minimum = ravine.optimum - ravine.start
lengths = np.linalg.norm(downhill) * np.linalg.norm(to_minimum)
angle = np.degrees(np.arccos(downhill @ to_minimum / lengths))
print(f"下坡方向 {downhill}，最小值点方向 {to_minimum}：相差 {angle:.1f} 度")
assert abs(angle - np.degrees(np.arctan(4 / 0.7) - np.arctan(2 / 7))) < 1e-9

title = f"在起点，下坡方向偏离最小值点 {angle:.0f}°"
alt = "一条狭长山谷的线框图，以及它的等高线和下坡箭头。几乎所有箭头都横穿山谷。\
一条虚线从起点通向星号，一段弧标出虚线与起点处箭头之间的夹角。"
figure = figures.portrait(ravine, title=title)
guess = compare("angle", angle, "°")
if guess is not None:
    turn = np.arctan2(*downhill[::-1]) + np.radians(guess)
    end = ravine.start + 2 * np.array([np.cos(turn), np.sin(turn)])
    figures.guessed(figure.axes[1], *np.transpose([ravine.start, end]))
figures.show(figure, alt=alt)

# %% [markdown] of="a5886751"
# <details><summary>为什么</summary>
#
# 箭头偏离最小值点 64.1 度。
# 它的长度几乎全用在横穿峡谷上，因为陡的正是横向。
# 箭头本身没有错：它确实是最陡的下坡方向，但只对一小步成立。
#
# </details>

# %% [markdown] of="26dfdb73"
# 普通梯度下降减去学习率 $\eta$ 乘以梯度，因此它对每个坐标单独处理：
#
# $$ x \leftarrow (1 - 0.1\,\eta)\,x, \qquad y \leftarrow (1 - 2\,\eta)\,y . $$
#
# 当 $\eta = 0.95$ 时，$x$ 的因子是 0.905，$y$ 的因子是 $-0.9$。


# %% of="fc6866c6"
def descend(lr, n_steps):
    """普通梯度下降在峡谷上经过的点，包括起点。"""
    path = [ravine.start]
    for _ in range(n_steps):
        path.append(path[-1] - lr * ravine.gradient(path[-1]))
    return np.array(path)


# %% tags=["experiment"] of="d4fe4b7c"
plain = descend(lr=0.95, n_steps=29)
print(" 行         x              y")
for row in (1, 2, 3, 29, 30):
    x, y = plain[row - 1]
    print(f"{row:3d}   {x:13.10f}  {y:13.10f}")
theory = [-7 * (1 - 0.1 * 0.95) ** 29, 2 * (1 - 2 * 0.95) ** 29]
assert np.abs(plain[-1] - theory).max() < 1e-9

# %% [markdown] of="6a63d421"
# 这张表有 30 行：起点和 29 步，终点是 $(-0.3871745809, -0.0942025739)$。
# 这正是因子所说的：$-7 \cdot 0.905^{29}$ 和 $2 \cdot (-0.9)^{29}$。
# 如果哪本教科书里有这张表，里面就是这些数。

# %% tags=["experiment"] of="bc0c1106"
plain = descend(lr=0.95, n_steps=29)
assert np.all(plain[1:, 1] * plain[:-1, 1] < 0)

figure = figures.trajectories(
    ravine,
    {"梯度下降": plain},
    title="普通梯度下降，η = 0.95，30 个点：每一步都使 y 变号",
)
alt = "峡谷的等高线。梯度下降的路径从 (-7, 2) 出发，在谷底两侧来回折返，\
步子越来越短，停在最小值点左边不远处。"
figures.show(figure, alt=alt)

# %% [markdown] of="288d4036"
# 每一步都把 $y$ 甩到对面的谷壁上，而 $x$ 只爬过剩余距离的不到十分之一。
# 限制由陡的方向设定：超过 $\eta = 2/2 = 1$，折线就不再收缩，而是越来越大。
# 代价由平的方向承担。
#
# 看相邻的两步：横向上它们几乎抵消，沿谷底它们方向一致。
# 一个把过去的步子**累加起来**的方法，会保留一致的部分，消去抵消的部分。

# %% [markdown] of="95eaa4f0"
# ## 2 · 速度
#
# 让一个重球在损失曲面上滚动。
# 它有一个**速度** $v$：它将要走的那一步。
# 在每一步中，摩擦使它保留速度的一部分 $\beta$，坡度则以 $-\eta\,\nabla f$ 把它推向下坡：
#
# $$ v_{t+1} = \beta\, v_t - \eta\, \nabla f(\theta_t), \qquad \theta_{t+1} = \theta_t + v_{t+1}. \tag{3.1} $$
#
# 数 $\beta$ 称为**动量**，取值在 $[0, 1)$；$\beta = 0$ 时就是普通梯度下降。
# 球从静止开始，$v_0 = 0$。
# 这个方法称为**重球法**，也叫带动量的梯度下降。
#
# | 符号 | 参数 | 含义 |
# |---|---|---|
# | $\theta$ | `theta` | 模型参数，任意形状的数组 |
# | $v$ | `velocity` | 过去各步的累加和，形状相同 |
# | $\nabla f(\theta)$ 或 $g$ | `grad` | `theta` 处的梯度 |
# | $\nabla f$ | `grad_fn` | 给出梯度的函数 |
# | $\eta$ | `lr` | 学习率，大于 0 |
# | $\beta$ | `beta` | 动量，至少为 0，小于 1 |
# | $m$ | `m` | 过去梯度的平均或累加和（第 3 节和第 6 节） |
# | $\mu$，$L$ | `mu`，`L` | 海森矩阵的最小和最大特征值（第 5 节） |
# | $\kappa$ | | 条件数 $L/\mu$ |

# %% [markdown] exercise="momentum_step" of="97f73b0d"
# 写出重球法的一步，即公式 (3.1)。
# 输入参数、速度和梯度，三者形状相同；返回新的参数和新的速度。
# 顺序很重要：球按*新的*速度移动。
# 请创建新数组；调用你的函数的人还需要旧的数组。
#
# 如果卡住了，`hint(momentum_step)` 会向你提一个问题；再次调用会得到更多提示。

# %% exercise="momentum_step" of="8b9023e5"
"""带重球动量的梯度下降的一步。

参数
----
theta, velocity, grad : ndarray，形状都相同
    模型参数，过去各步的累加和（开始时为零），损失在 `theta` 处的梯度。
lr, beta : float
    学习率（> 0）和动量（0 <= beta < 1）。

返回值
------
theta, velocity : ndarray
    新数组；传入的数组不被修改。
"""

# %% [markdown] of="f9bedee8"
# 先手算试一试。
# 一个球停在 $x = -3$，$v = 0$；坡度以恒定的力 1 推它，$\beta = 0.9$。
#
# 一步、两步、三步之后 $v$ 各是多少？如果这个力一直不停，$v$ 会无限增大吗？

# %% tags=["try"] of="8c03d779"
x, v = np.array(-3.0), np.array(0.0)
for step in (1, 2, 3):
    x, v = momentum_step(x, v, grad=np.array(-1.0), lr=1.0, beta=0.9)
    print(f"第 {step} 步：  v = {v:.2f}，  x = {x:.2f}")
assert abs(v - (1 + 0.9 + 0.9**2)) < 1e-12
print(f"v 的极限：  1 / (1 - 0.9) = {1 / (1 - 0.9):.0f}")

# %% [markdown] of="5632bec9"
# ### 使用它
#
# 下面的单元格只定义一个循环。
# 它保存路径以便画图，并把每一步的速度传给下一步。


# %% of="a09bf098"
def roll(step, lr, beta, n_steps, landscape=ravine):
    """`step` 经过的点，包括起点；球从静止开始。"""
    path, velocity = [landscape.start], np.zeros_like(landscape.start)
    for _ in range(n_steps):
        grad = landscape.gradient(path[-1])
        theta, velocity = step(path[-1], velocity, grad, lr, beta)
        path.append(theta)
    return np.array(path)


# %% [markdown] of="eb960a09"
# 现在两者都取 $\eta = 0.1$，球取 $\beta = 0.9$：各 30 个点。

# %% tags=["experiment"] of="831968e7"
heavy, slow = roll(momentum_step, 0.1, 0.9, 29), descend(0.1, 29)
far, near = np.linalg.norm(slow[-1]), np.linalg.norm(heavy[-1])
print(f"到最小值点的距离：普通梯度下降 {far:.2f}，动量 {near:.2f}")
print(f"学习率为 0.95 的普通梯度下降：{np.linalg.norm(descend(0.95, 29)[-1]):.2f}")
assert 6 < far / near < 6.2

figure = figures.trajectories(
    ravine,
    {"梯度下降": slow, "动量": heavy},
    title="η = 0.1，各 30 个点：动量终点到最小值点的距离只有六分之一",
)
alt = "梯度下降落到峡谷的谷底，在左边远处缓慢爬行。\
动量以宽阔的曲线在谷底两侧摆动，并冲过最小值点。"
figures.show(figure, alt=alt)

# %% [markdown] of="a99da2d3"
# 球走的是宽阔的曲线，而不是尖锐的折线；它先冲过星号，然后才掉头。
# 它停在距离 0.86 处，而普通梯度下降还在 5.23 处。
#
# 不过这并不是白得的。
# 普通梯度下降取 $\eta = 0.95$，用同样的步数到了 0.40 处。
# 动量有两个数要选，而 (0.1, 0.9) 对这条峡谷并不是好的一对。
# 第 5 节会找到最好的一对。

# %% [markdown] of="8edb9756"
# ## 3 · 移动平均
#
# 许多程序保存的不是速度，而是梯度的平均。
# **指数移动平均**保留旧平均的 $\beta$ 部分，再从新梯度中取 $1-\beta$ 部分：
#
# $$ m_{t+1} = \beta\, m_t + (1-\beta)\, \nabla f(\theta_t), \qquad \theta_{t+1} = \theta_t - \eta\, m_{t+1}. \tag{3.2} $$
#
# 它同样从 $m_0 = 0$ 开始。
# 把前一式乘以 $-\eta$，记 $v = -\eta\,m$：这就是学习率为 $(1-\beta)\,\eta$ 的 (3.1)。
# 因此只要学习率保持不变，两种形式走的是**同一条路径，只是学习率不同**。

# %% [markdown] exercise="ema_momentum_step" of="d42e3bea"
# 写出平均形式的一步，即公式 (3.2)。
# `theta`、`m` 和 `grad` 形状相同；返回新的参数和新的平均。
# 学习率留在平均之外。

# %% exercise="ema_momentum_step" of="a33eeeba"
"""沿梯度的指数移动平均走一步。

参数
----
theta, m, grad : ndarray，形状都相同
    模型参数，过去梯度的移动平均（开始时为零），损失在 `theta` 处的梯度。
lr, beta : float
    学习率（> 0）和平均的衰减系数（0 <= beta < 1）。

返回值
------
theta, m : ndarray
    新数组；传入的数组不被修改。
"""

# %% [markdown] of="815e16ec"
# 平均形式取 $\eta = 1$ 和 $\beta = 0.9$，应当与取 $\eta = 0.1$ 的重球法走同一条路径。

# %% tags=["try"] of="9dfd0877"
averaged = roll(ema_momentum_step, lr=1.0, beta=0.9, n_steps=29)
heavy = roll(momentum_step, lr=0.1, beta=0.9, n_steps=29)
print(f"两条路径的最大差：{np.abs(averaged - heavy).max():.0e}")
assert np.abs(averaged - heavy).max() < 1e-12

# %% [markdown] of="072ef076"
# 差别只是舍入误差。
# 速度里的学习率取十分之一，就等于平均之外取整个学习率。
# 把学习率从一个程序抄到另一个程序时要记住这一点：$\beta = 0.9$ 时可能差到 10 倍。

# %% [markdown] of="a5d24aa1"
# ### 平均在开始时做了什么
#
# 平均从 0 开始，而谁也没有见过这样的梯度。
#
# > **预测。** 设所有梯度都是 1，$\beta = 0.9$。10 步之后 $m$ 是多少？

# %% of="617df853"

# %% tags=["experiment"] of="fce69437"
theta, m, averages = np.array(0.0), np.array(0.0), []
for _ in range(40):
    theta, m = ema_momentum_step(theta, m, np.array(1.0), lr=0.1, beta=0.9)
    averages.append(m)
steps = np.arange(1, 41)
theory = 1 - 0.9**steps
print("第 1、10、40 步之后的 m：", np.round(averages, 3)[[0, 9, 39]])
assert np.abs(averages - theory).max() < 1e-12

curves = {"m": (steps, averages), "m / (1 − βᵗ)": (steps, averages / theory)}
missing = 100 * (1 - averages[9])
title = f"10 步之后，恒定梯度 1 的平均还缺 {missing:.0f} %"
figure = figures.lines(curves, title=title, xlabel="步 t", ylabel="平均，β = 0.9")
axes = figure.axes[0]
axes.plot([10, 10], [averages[9], 1], color="#D55E00", linewidth=2)
axes.text(10.6, 0.94, f"缺 {missing:.0f} %", color="#D55E00", va="center")
figures.guessed(axes, 10, compare("average", averages[9]))
alt = "m 从 0.1 升向 1；除以 1 − βᵗ 之后，它从第一步起就是 1。"
figures.show(figure, alt=alt)

# %% [markdown] of="33a171c9"
# <details><summary>为什么</summary>
#
# 一步之后 $m$ 是 0.1，十步之后 0.651，四十步之后 0.985；它落在曲线 $1-\beta^t$ 上。
# 所以平均形式最初的几步太短，除以 $1-\beta^t$ 恰好纠正这一点。
# 动量通常不做这个除法，因为起步慢一点没有多大害处。
# 在第 5 章里，同样的平均出现在分母中，在那里它是有害的。
#
# </details>

# %% [markdown] of="e533fc9b"
# ### 调哪一种形式
#
# 两种形式是同一个方法，但它们的旋钮不同。
# 设 $x^2/2$ 的梯度测得时带有方差为 1 的噪声，就像用小批量去测一样。
# 这时球永远不会静止；它稳定在一个**噪声底**上，即 $x$ 在最小值点周围的方差。
# 把 $v_t = x_t - x_{t-1}$ 代入 (3.1)，梯度为 $x_t + n_t$：
#
# $$ x_{t+1} = (1+\beta-\eta)\, x_t - \beta\, x_{t-1} - \eta\, n_t . $$
#
# 设 $V$ 是稳定之后 $x$ 的方差，$C$ 是 $x_t x_{t-1}$ 的均值。
# 方程两边乘以 $x_t$ 再取均值：$C = (1+\beta-\eta)\,V - \beta\,C$。
# 两边平方再取均值：$V = (1+\beta-\eta)^2\,V + \beta^2\,V - 2\beta\,(1+\beta-\eta)\,C + \eta^2$。
# 这是两个方程、两个未知数，解出 $V$ 得
#
# $$ \operatorname{var}(x) = \frac{\eta\,(1+\beta)}{(1-\beta)\,\bigl(2(1+\beta) - \eta\bigr)} , $$
#
# $\beta = 0$ 时它就是第 2 章的噪声底 $\eta/(2-\eta)$。
#
# > **预测。** 保持 $\eta = 0.1$，把 $\beta$ 从 0 调到 0.9，希望把噪声平均掉。
# > 重球法的噪声底会怎样？

# %% of="f05d66dd"
predict("floor", ..., among=("下降", "不变", "上升"))


# %% of="55648baa"
def noise_floor(step, lr, beta, noise):
    """在许多球上，x 在 x**2 / 2 的最小值点周围的方差。"""
    x, memory = np.zeros(noise.shape[1]), np.zeros(noise.shape[1])
    for noise_now in noise:
        x, memory = step(x, memory, x + noise_now, lr, beta)
    return x.var()


# %% tags=["experiment"] of="7b60f40d"
betas = np.array([0.0, 0.3, 0.6, 0.8, 0.9])
noise = np.random.default_rng(3).standard_normal((400, 5000))
heavy = np.array([noise_floor(momentum_step, 0.1, b, noise) for b in betas])
averaged = np.array([noise_floor(ema_momentum_step, 0.1, b, noise) for b in betas])
theory = [
    lr * (1 + betas) / ((1 - betas) * (2 * (1 + betas) - lr))
    for lr in (0.1, 0.1 * (1 - betas))
]
print("重球法  ", heavy.round(3), "理论", theory[0].round(3))
print("平均形式", averaged.round(3), "理论", theory[1].round(3))
assert np.abs(heavy / theory[0] - 1).max() < 0.1
assert np.abs(averaged / theory[1] - 1).max() < 0.1

curves = {
    "动量": (betas, heavy),
    "动量，平均形式": (betas, averaged),
    "理论": (betas, theory[0]),
}
change = heavy[-1] / heavy[0]
floor = "上升" if change > 2 else "下降" if change < 0.5 else "不变"
compare("floor", floor)
title = f"η = 0.1：β 从 0 到 0.9，动量的噪声底{floor}"
labels = {"xlabel": "动量 β", "ylabel": "x 的方差", "yscale": "log"}
figure = figures.lines(curves, title=title, dots=True, **labels)
alt = f"方差随 β 的变化。重球法从 {heavy[0]:.2f} 到 {heavy[-1]:.2f}，\
落在理论线上；平均形式从 {averaged[0]:.2f} 到 {averaged[-1]:.2f}。"
figures.show(figure, alt=alt)

# %% [markdown] of="49fdc1d3"
# <details><summary>为什么</summary>
#
# 在 $\beta = 0.9$ 处，重球法的噪声底是普通梯度下降的十倍，而平均形式停在原处。
# 固定 $\eta$ 而增大 $\beta$ 同时做了两件事：它对更多的梯度取平均，又把整个和放大到 $1/(1-\beta)$ 倍。
# 在平均形式里第二种效果被除掉了，所以 $\eta$ 决定步长，$\beta$ 只决定记忆。
#
# </details>

# %% [markdown] of="b212c596"
# ## 4 · 速度记住了什么
#
# 把 (3.1) 代入它自己。
# $t$ 步之后，速度是迄今所有梯度的和，每个梯度在它自己那一步之后的每一步里都乘过一次 $\beta$：
#
# $$ v_t = -\eta \sum_{k=1}^{t} \beta^{\,t-k}\, g_k . \tag{3.3} $$
#
# 旧的梯度逐渐变淡，但没有一个被丢掉。

# %% [markdown] exercise="velocity_weights" of="87283246"
# 返回公式 (3.3) 中梯度 $g_1, \dots, g_t$ 的权重，以 $-\eta$ 为单位：形状为 `(t,)` 的数组，最早的梯度在前。

# %% exercise="velocity_weights" of="f92ee204"
"""t 步之后，梯度 1 到 t 在速度中的权重。

参数
----
beta : float
    动量（0 <= beta < 1）。
t : int
    步数（>= 1）。

返回值
------
weights : ndarray，形状为 (t,)
    最早的梯度在前，以 -lr 为单位。
"""

# %% tags=["try"] of="40d3a20c"

# %% [markdown] of="d3563367"
# 人们说 $\beta = 0.9$“平均最近 10 个梯度”。
# 下表给出一个梯度经过多少步失去一半权重，以及最近 10 个梯度占全部权重的多大比例。

# %% tags=["experiment"] of="b69f8e91"
curves = {}
print(" β   权重减半所需步数   权重之和   最近 1/(1 - β) 个所占比例")
for beta in (0.5, 0.9, 0.99):
    theta, velocity, weights = np.array(0.0), np.array(0.0), []
    for age in range(3000):  # 只有一个为 1 的梯度，看 v 里还剩下它的多少
        grad = np.array(float(age == 0))
        theta, velocity = momentum_step(theta, velocity, grad, lr=1.0, beta=beta)
        weights.append(-velocity)
    weights = np.array(weights)
    half_life, window = np.log(2) / -np.log(beta), round(1 / (1 - beta))
    part = weights[:window].sum() / weights.sum()
    print(f"{beta:5} {half_life:12.1f} 步 {weights.sum():14.1f} {part:20.0%}")
    assert abs(weights.sum() - 1 / (1 - beta)) < 1e-6
    assert weights[int(half_life) + 1] <= 0.5 + 1e-12 <= weights[int(half_life)] + 1e-9
    curves[f"β = {beta}"] = weights[:101]

title = "一个梯度的权重分别在 1、6.6 和 69 步之后减半"
labels = {"xlabel": "梯度的年龄（步）", "ylabel": "在速度中的权重"}
figure = figures.lines(curves, title=title, method="momentum", **labels)
axes = figure.axes[0]
figures.level(axes, 0.5)
axes.plot([1, 6.58, 68.97], [0.5] * 3, "o", color="#D55E00", markersize=6, zorder=5)
alt = "权重从 1 下降。β = 0.5、0.9 和 0.99 时，它们分别在 1、6.6 和 69 步之后\
越过一半处的横线。"
figures.show(figure, alt=alt)

# %% [markdown] of="cd30a501"
# $\beta = 0.9$ 时权重在 6.6 步之后减半，最近 10 个梯度占总和的 65 %。
# 另外 35 % 来自更早的梯度。
# “大约十个”对权重之和 $1/(1-\beta) = 10$ 是对的，对一个窗口则不对。

# %% [markdown] of="d6fed374"
# ### 一致的累加，交替的抵消
#
# 如果所有梯度都相等，权重之和是 $1 + \beta + \beta^2 + \dots = 1/(1-\beta)$。
# 如果它们每次都变号，权重之和是 $1 - \beta + \beta^2 - \dots = 1/(1+\beta)$。
#
# 下面是两种情形，$\beta = 0.9$，梯度大小为 1。

# %% tags=["experiment"] of="a1e96bbc"
speeds = {"恒定的梯度": [], "交替的梯度": []}
for speed, sign in zip(speeds.values(), (1, -1), strict=True):
    theta, velocity = np.array(0.0), np.array(0.0)
    for t in range(60):
        grad = np.array(float(sign**t))
        theta, velocity = momentum_step(theta, velocity, grad, lr=1.0, beta=0.9)
        speed.append(abs(velocity))
one, other = (speed[-1] for speed in speeds.values())
print(f"恒定 {one:.2f}，交替 {other:.3f}，比值 {one / other:.1f}")
assert abs(one - 1 / (1 - 0.9)) < 0.02 and abs(other - 1 / (1 + 0.9)) < 0.002

title = "β = 0.9：恒定的梯度算 10 倍，交替的梯度算一半"
figure = figures.lines(speeds, title=title, xlabel="步", ylabel="速率 |v| / η")
figures.show(figure, alt="恒定时速率升到 10，交替时速率降到 0.53。")

# %% [markdown] of="c8eb645b"
# 恒定的梯度在 60 步之后相当于 9.98，正在趋向 10；交替的梯度相当于 0.525，接近 $1/1.9$。
# 一致的梯度是它的 19 倍：$(1+\beta)/(1-\beta)$。
# 在峡谷里，谷底是恒定的方向，谷壁是交替的方向。
#
# **平台**也是恒定的。
# 在坡度为 0.01 的斜坡上取 $\eta = 1$，普通梯度下降走 10 的距离要 1,000 步。
# 球的速率趋向每步 $10 \cdot 0.01$。
#
# 球大约需要多少步？

# %% tags=["experiment"] of="5420d83a"
theta, velocity, n_steps = np.array(0.0), np.array(0.0), 0
while abs(theta) < 10 and n_steps < 1000:
    theta, velocity = momentum_step(theta, velocity, np.array(0.01), lr=1.0, beta=0.9)
    n_steps += 1
theory = 10 * (1 - 0.9) / 0.01 + 0.9 / (1 - 0.9)
print(f"{n_steps} 步；若一开始就是全速则 100 步；理论 {theory:.0f} 步")
assert abs(n_steps - theory) <= 1

# %% [markdown] of="eb764cb8"
# 球用了 109 步：全速 100 步，加上它加速时损失的 9 步。

# %% [markdown] of="adaa142a"
# ### 穿过浅坑
#
# 记忆也会带着球爬*上*坡。
# 下一条曲线是 $x^2/10$，在 $x = -2$ 处有一个浅坑。
# 从 $x = -6$ 出发的普通梯度下降停在坑里，因为那里的梯度是 0。
#
# > **预测。** 一个球取 $\beta = 0.7$，另一个取 $\beta = 0.85$。哪些球会到达最小值点？

# %% of="1acac845"
predict("dent", ..., among=("两个都到", "只有 0.7", "只有 0.85", "都不到"))

# %% tags=["experiment"] of="43f88ae5"
bowl = landscapes.dented_bowl
plain, stays, leaves = (roll(momentum_step, 0.1, b, 80, bowl) for b in (0, 0.7, 0.85))
print(f"普通梯度下降停在 {plain[-1]:.2f}，β = 0.7 停在 {stays[-1]:.2f}，", end="")
print(f"β = 0.85 停在 {leaves[-1]:.2f}")

home = [abs(path[-1]) < 0.1 for path in (stays, leaves)]
who = {(1, 1): "两个都到", (1, 0): "只有 0.7", (0, 1): "只有 0.85"}.get(
    tuple(home), "都不到"
)
compare("dent", who)
title = f"同一斜坡，η = 0.1，80 步：两个球中有 {sum(home)} 个离开浅坑"
figure, panels = figures.pair(title, sharey=True)
for axes, path, beta in zip(panels, (stays, leaves), (0.7, 0.85), strict=True):
    look = {"name": f"β = {beta}", "method": "momentum", "title": ""}
    figures.ball_on_curve(bowl, path, axes=axes, **look)
alt = f"两条曲线，在 0 处的最小值点左边有一个浅坑。β = 0.7 时球的点停在 \
{stays[-1]:.2f}，β = 0.85 时停在 {leaves[-1]:.2f}。"
figures.show(figure, alt=alt)

# %% [markdown] of="d323aa56"
# <details><summary>为什么</summary>
#
# 第一个球在坑里来回摆动，停在 $-1.89$，和普通梯度下降一样。
# 第二个球冲进来时足够快，越过坑沿，停在 0。
# (3.1) 里没有什么知道这个坑是坏地方：足够快的球离开一个好的最小值点也同样容易。
#
# </details>

# %% [markdown] of="7fb8a074"
# ## 5 · 有多快
#
# 在最小值点附近，光滑的损失看起来像二次函数，所以这就是要弄懂的情形。
# 沿海森矩阵特征值为 $h$ 的特征向量，梯度是 $h$ 乘以误差 $e_t$；再用 $v_t = e_t - e_{t-1}$，公式 (3.1) 变成
#
# $$ e_{t+1} = (1 + \beta - \eta h)\, e_t - \beta\, e_{t-1} . $$
#
# （误差，前一误差）这一对数在每一步都乘以同一个 2×2 矩阵。
# 矩阵的幂按它的**谱半径**收缩或增长，谱半径是特征值绝对值中最大的一个。
# 最慢的方向起决定作用，所以从长远看，重球法每走一步，误差就乘以因子
#
# $$ \rho(\eta, \beta) = \max_h \; \operatorname{radius} \begin{pmatrix} 1 + \beta - \eta h & -\beta \\ 1 & 0 \end{pmatrix}, \tag{3.4} $$
#
# 其中 $h$ 取遍海森矩阵的特征值。
# 我们称 $\rho$ 为**收敛率**。$\rho < 1$ 时方法收敛。

# %% [markdown] exercise="convergence_rate" of="3b309029"
# 对一个特征值数组，计算公式 (3.4) 的收敛率 $\rho(\eta, \beta)$，返回 float。
# 这个矩阵不对称，这样的矩阵的特征值可能是复数 $a + b\,\mathrm{i}$；它们的绝对值是 $\sqrt{a^2+b^2}$，`np.abs` 知道这一点。

# %% exercise="convergence_rate" of="f55e5fe0"
"""在二次函数上，重球法每走一步，误差所乘的因子。

参数
----
lr, beta : float
    学习率（> 0）和动量（0 <= beta < 1）。
eigenvalues : ndarray，形状为 (d,)
    海森矩阵的特征值，都为正。

返回值
------
rate : float
    最大的谱半径；小于 1 时方法收敛。
"""

# %% tags=["try"] of="17861c28"

# %% [markdown] of="abd712e3"
# 对普通梯度下降，它是 $|1 - 0.95 \cdot 0.1| = 0.905$，即第 1 节的因子。
#
# 矩阵所说的也可以测量，只用你的 `momentum_step`。
# 它接受任意形状的数组，所以一次调用就能移动取几千对不同参数的球。
# 测得的收敛率是 400 步之后所剩部分的 400 次方根：距离与速度合在一起算，因为恰好经过最小值点的球在那里并不静止。


# %% of="7a8befc8"
def measured_rates(etas, betas, curvatures, n_steps=400):
    """每一对的收敛率，形状为 (len(betas), len(etas))；发散处为 NaN。"""
    shape = len(betas), len(etas), len(curvatures)
    theta, velocity = np.ones(shape), np.zeros(shape)
    lr, beta = etas[None, :, None], betas[:, None, None]
    for _ in range(n_steps):
        theta, velocity = momentum_step(theta, velocity, curvatures * theta, lr, beta)
    rates = np.hypot(theta, velocity).max(axis=-1) ** (1 / n_steps)
    return np.where(rates < 1, rates, np.nan)


# %% [markdown] of="8abad935"
# > **预测。** 普通梯度下降在 $\eta h < 2$ 时收敛。
# > $\beta = 0.9$ 的球更难停下来。$\eta h$ 最大到多少它还收敛？

# %% of="b18b4f05"

# %% tags=["experiment"] of="41fa3f2d"
products, betas = np.linspace(0.01, 4.0, 400), np.array([0.0, 0.5, 0.9])
rates = measured_rates(products, betas, np.array([1.0]))
curves = {}
for beta, rate in zip(betas, rates, strict=True):
    largest = products[np.isfinite(rate)].max()
    print(f"β = {beta}：到 ηh = {largest:.2f} 为止收敛")
    assert abs(largest - 2 * (1 + beta)) < 0.02
    curves[f"β = {beta:g}"] = (products, rate)
    if beta > 0:
        flat = (1 - np.sqrt(beta)) ** 2, (1 + np.sqrt(beta)) ** 2
        inside = rate[(products > flat[0] + 0.02) & (products < flat[1] - 0.02)]
        print(
            f"         从 {flat[0]:.2f} 到 {flat[1]:.2f} 是平的，高 {np.median(inside):.3f}"
        )
        assert np.abs(inside - np.sqrt(beta)).max() < 0.02

title = f"β = {beta} 时动量到 ηh = {largest:.2f} 为止收敛"
labels = {"xlabel": "ηh", "ylabel": "每步的收敛率", "method": "momentum"}
figure = figures.lines(curves, title=title, **labels)
figure.axes[0].set_ylim(0.18, 1.1)  # 更低的值对 64 位来说太小
figures.level(figure.axes[0], 1)
figures.guessed(figure.axes[0], x=compare("limit", largest))
figures.show(
    figure, alt=f"收敛率升到 1，最后一条在 ηh = {largest:.2f} 处；中间是平的。"
)

# %% [markdown] of="3a07359a"
# <details><summary>为什么</summary>
#
# 界限是 $\eta h < 2(1+\beta)$：普通梯度下降是 2，$\beta = 0.9$ 时是 3.8。
# 每条曲线在 $\rho = \sqrt\beta$ 处有一段平底：在那里学习率对快慢没有影响，只由 $\beta$ 决定。
# 为什么恰好是这些数？
#
# </details>

# %% [markdown] of="372bd8c6"
# ### 为什么：两个特征值
#
# 行为 $(a, b)$ 和 $(c, d)$ 的 2×2 矩阵有两个特征值。
# 它们的和是矩阵的**迹** $a + d$，它们的积是**行列式** $ad - bc$；所以它们是 $\lambda^2 - (\text{迹})\,\lambda + \text{行列式} = 0$ 的根。
# 对 (3.4) 中的矩阵，这就是
#
# $$ \lambda^2 - (1 + \beta - \eta h)\,\lambda + \beta = 0, \qquad \lambda = \tfrac{1}{2}\Bigl(1+\beta-\eta h \pm \sqrt{D}\Bigr), \quad D = (1+\beta-\eta h)^2 - 4\beta . $$
#
# 由此得到三个事实，各一行。
#
# - **平底。** 如果 $D < 0$，两个特征值是复数 $a + b\,\mathrm{i}$ 和 $a - b\,\mathrm{i}$，它们的积是 $a^2 + b^2 = |\lambda|^2$。积就是行列式，所以 $|\lambda| = \sqrt\beta$，无论 $\eta h$ 是多少。
# - **平底的位置。** $D < 0$ 意味着 $|1+\beta-\eta h| < 2\sqrt\beta$，即 $(1-\sqrt\beta)^2 < \eta h < (1+\sqrt\beta)^2$。
# - **界限。** 超过平底之后两者都是负实数，当较小的一个越过 $-1$ 时方法发散。把 $\lambda = -1$ 代入方程：$1 + (1+\beta-\eta h) + \beta = 0$，所以 $\eta h = 2(1+\beta)$。
#
# 复特征值就是摆动。
# 记 $\lambda = \sqrt\beta\,(\cos\omega \pm \mathrm{i}\sin\omega)$，$\cos\omega = (1+\beta-\eta h)/2\sqrt\beta$，误差是
#
# $$ e_t = \beta^{t/2}\,\bigl( A\cos\omega t + B \sin\omega t \bigr), $$
#
# 其中 $A$ 和 $B$ 由起点决定：这是一个每步按 $\sqrt\beta$ 衰减的波。
# 在 $D = 0$ 处两者相同，球以不摆动所能达到的最快速度回来：**临界阻尼**，工程师谈到闭门器时就这么说。
#
# 图中 $\eta h = 0.1$，$\beta$ 取临界值、一个较小的值和一个较大的值。

# %% tags=["experiment"] of="76ae6bcd"
critical = (1 - np.sqrt(0.1)) ** 2
curves = {}
for beta in (0.3, critical, 0.9):
    error, velocity, errors = np.array(1.0), np.array(0.0), [1.0]
    for _ in range(80):
        error, velocity = momentum_step(error, velocity, 0.1 * error, 1.0, beta)
        errors.append(float(error))
    curves[f"动量，β = {beta:.2f}"] = errors
    swings = int(np.sum(np.diff(np.sign(errors)) != 0))
    print(
        f"β = {beta:.3f}：有 {swings} 次经过零点，80 步之后 |e| 为 {abs(errors[-1]):.1e}"
    )
t, cosine = np.arange(81), (1 + 0.9 - 0.1) / (2 * np.sqrt(0.9))
omega = np.arccos(cosine)
sine_part = ((1 - 0.1) / np.sqrt(0.9) - cosine) / np.sin(omega)  # 由 e₁ = 1 − ηh
wave = 0.9 ** (t / 2) * (np.cos(omega * t) + sine_part * np.sin(omega * t))
assert np.abs(wave - errors).max() < 1e-9 and swings > 5
assert min(curves[f"动量，β = {critical:.2f}"]) > 0
curves["理论：√β 的 t 次方"] = 0.9 ** (t / 2)

title = "ηh = 0.1：β = 0.47 时球最快回来，而且不摆动"
labels = {"xlabel": "步 t", "ylabel": "误差 e"}
figure = figures.lines(curves, title=title, **labels)
alt = "三个球的误差。β = 0.3 缓慢下降，β = 0.47 下降最快且始终在 0 以上，\
β = 0.9 一次又一次摆过 0，波幅逐渐衰减。"
figures.show(figure, alt=alt)

# %% [markdown] of="86b4d31d"
# 波的公式与你自己函数的步子有九位数字一致。
# 临界值是 $\beta = (1-\sqrt{\eta h})^2 = 0.468$。
# 动量小于它，球缓慢爬行；大于它，球摆动，用的时间更长。
# 所以小的 $\beta$ 会快，但它的平底窄，而**所有**特征值必须同时落在平底上。
#
# *延伸练习*：如果你写了 `convergence_rate`，把它与测量值比较：

# %% tags=["experiment"] of="26385171"
if needs(convergence_rate):
    products, betas = np.linspace(0.01, 4.0, 400), np.array([0.5, 0.9])
    rates = measured_rates(products, betas, np.array([1.0]))
    for beta, rate in zip(betas, rates, strict=True):
        derived = np.array(
            [convergence_rate(eta_h, beta, np.ones(1)) for eta_h in products]
        )
        converging = np.isfinite(rate)
        apart = np.abs(derived - rate)[converging].max()
        print(f"β = {beta}：测得的与推导的收敛率最多相差 {apart:.3f}")
        assert apart < 0.03 and np.all(derived[~converging] > 0.99)

# %% [markdown] of="46ad0107"
# Polyak 问：当特征值在 $\mu$ 和 $L$ 之间时，哪一对最快？
# 平底必须恰好从 $\eta\mu$ 延伸到 $\eta L$，所以 $\eta\mu = (1-\sqrt\beta)^2$，$\eta L = (1+\sqrt\beta)^2$。
# 解出这两个未知数，记 $\kappa = L/\mu$：
#
# $$ \eta^* = \Bigl(\frac{2}{\sqrt L + \sqrt \mu}\Bigr)^2, \qquad \beta^* = \Bigl(\frac{\sqrt\kappa - 1}{\sqrt\kappa + 1}\Bigr)^2, \qquad \rho^* = \sqrt{\beta^*} . \tag{3.5} $$
#
# 普通梯度下降最好的选择是 $\eta = 2/(L+\mu)$，收敛率为 $(\kappa-1)/(\kappa+1)$，这是第 0 章得到的。
# 公式相同，只是 $\kappa$ 代替了它的平方根。

# %% [markdown] exercise="optimal_momentum" of="d92b01c1"
# 对最小特征值 `mu` 和最大特征值 `L`，返回公式 (3.5) 中 Polyak 的学习率和动量，两个 float。

# %% exercise="optimal_momentum" of="037f24af"
"""在二次函数上收敛率最好的学习率和动量。

参数
----
mu, L : float
    海森矩阵的最小和最大特征值，0 < mu <= L。

返回值
------
lr, beta : float
"""

# %% tags=["try"] of="68031ec5"

# %% [markdown] of="6c746406"
# 对这条峡谷，$\kappa = 20$。看看在所有 $(\eta, \beta)$ 的平面上，最好的一对在哪里：在好的区域的中间，还是在它的边缘？

# %% tags=["experiment"] of="8f8fe99e"
etas, betas = np.linspace(0.02, 2, 100), np.linspace(0, 0.98, 99)
rates = measured_rates(etas, betas, np.array([0.1, 2.0]))
lr, beta = optimal_momentum(0.1, 2.0)
plain, best = np.nanmin(rates[0]), np.nanmin(rates)
print(f"普通梯度下降：测得 {plain:.4f}，理论 {19 / 21:.4f}")
print(f"动量：        测得 {best:.4f}，理论 {np.sqrt(beta):.4f}")
print(f"最好的一对：η = {lr:.2f}，β = {beta:.2f}")
assert abs(plain - 19 / 21) < 0.005 and abs(best - np.sqrt(beta)) < 0.01

title = "峡谷，κ = 20：最好的收敛率，无动量时每步 0.905，有动量时 0.635"
names = {"xlabel": "学习率 η", "ylabel": "动量 β", "zlabel": "每步的收敛率"}
marks = {"普通方法最好": (2 / 2.1, 0), "动量最好": (lr, beta)}
figure = figures.field(etas, betas, rates, title=title, marks=marks, **names)
figures.show(figure, alt="小于 1 的收敛率构成一个三角形；最好的一个靠近它的边缘。")

# %% [markdown] of="9452c51d"
# 理论给出 0.9048 和 0.6345，测得的收敛率在网格宽度之内与之一致。
# 上半部分的等高线是水平的：那就是上一张图的平底，在那里只有 $\beta$ 起作用。
# 边缘右侧方法发散。
# 最好的一对 $\eta = 1.34$ 和 $\beta = 0.40$ 离这条边缘很近，普通梯度下降最好的收敛率也是如此。

# %% [markdown] of="d819065c"
# 现在从第 1 节的起点出发，比较两者的最佳设置，再加上第 2 节的球。
# 收敛率在这里是斜率：在对数轴上，每步按 $\rho^2$ 缩小的损失是一条直线。
#
# > **预测。** 29 步之后，普通梯度下降到最小值点的距离还剩大约 $0.905^{29} = 5\,\%$。动量还剩百分之几？

# %% of="8691c220"

# %% tags=["experiment"] of="13a0fe33"
paths = {
    "梯度下降": descend(2 / 2.1, 60),
    "动量": roll(momentum_step, *optimal_momentum(0.1, 2.0), 60),
    "动量 (0.1, 0.9)": roll(momentum_step, 0.1, 0.9, 60),
}
losses = {name: ravine.f(path) for name, path in paths.items()}
far, near, _ = (np.linalg.norm(path[29]) for path in paths.values())
print(f"29 步之后的距离：普通梯度下降 {far:.2f}，动量 {near:.5f}")
print(f"途中最大的 |y|：{np.abs(paths['动量'][:, 1]).max():.2f}")
assert far / near > 1000

compare("left", 100 * near / np.linalg.norm(ravine.start), " %")
title = f"最佳设置，同一起点，29 步：普通梯度下降的距离是动量的 {far / near:.0f} 倍"
labels = {"xlabel": "步", "ylabel": "f(θ) − f(θ*)"}
figure = figures.lines(losses, title=title, yscale="log", **labels)
figures.show(figure, alt="动量的损失沿最陡的直线下降。")

# %% [markdown] of="eb8e587b"
# <details><summary>为什么</summary>
#
# 普通梯度下降停在距离 0.40 处，动量停在 0.00024 处，是起点距离的 0.0032 %。
# 最快的球并不谨慎：它的损失在最初几步上升，$|y|$ 先达到 3.44，然后才下降。
# 收敛率只是对长远的承诺。
#
# </details>

# %% [markdown] of="4f0b8ca8"
# ### 峡谷越糟，动量越有价值
#
# 收敛率 $(\kappa-1)/(\kappa+1)$ 意味着达到精度 $\epsilon$ 大约要 $\tfrac{1}{2}\kappa \ln(1/\epsilon)$ 步。
# 用 $\sqrt\kappa$ 代替 $\kappa$，起作用的就是平方根。
#
# > **预测。** 在 $\kappa = 1000$ 时，普通梯度下降需要的步数是动量的多少倍？

# %% of="36b260b5"
predict("fewer", ..., unit=" 倍")


# %% of="cc8a2300"
def steps_needed(lr, beta, kappa):
    """沿曲率 1 和 kappa 的误差都小于 1e-6 所需的步数。"""
    curvature, error, velocity = np.array([1.0, kappa]), np.ones(2), np.zeros(2)
    n_steps = 0
    while np.abs(error).max() > 1e-6 and n_steps < 20_000:
        error, velocity = momentum_step(error, velocity, curvature * error, lr, beta)
        n_steps += 1
    return n_steps


# %% tags=["experiment"] of="122e393e"
kappas = np.array([10, 30, 100, 300, 1000])
plain = [steps_needed(2 / (1 + kappa), 0.0, kappa) for kappa in kappas]
heavy = [steps_needed(*optimal_momentum(1, kappa), kappa) for kappa in kappas]
print("κ", kappas, "\n普通梯度下降", plain, "\n动量", heavy)
print(f"κ = 100 时普通梯度下降的理论值：{np.log(1e-6) / np.log(99 / 101):.0f}")
slopes = [np.polyfit(np.log(kappas[2:]), np.log(n[2:]), 1)[0] for n in (plain, heavy)]
print("从 κ = 100 起的斜率：", np.round(slopes, 2))
assert abs(slopes[0] - 1) < 0.02 and abs(slopes[1] - 0.5) < 0.05

curves = {
    "梯度下降": (kappas, plain),
    "理论：斜率 1": (kappas, plain[-1] * kappas / 1000),
    "动量": (kappas, heavy),
    "理论：斜率 ½": (kappas, heavy[-1] * np.sqrt(kappas / 1000)),
}
scales = {"xscale": "log", "yscale": "log", "dots": True}
labels = {"xlabel": "条件数 κ", "ylabel": "误差降到 1e-6 的步数"}
compare("fewer", plain[-1] / heavy[-1], " 倍")
title = f"斜率：无动量时 {slopes[0]:.2f}，有动量时 {slopes[1]:.2f}"
figure = figures.lines(curves, title=title, **labels, **scales)
alt = "两条直线，贴近斜率为 1 和二分之一的虚线。"
figures.show(figure, alt=alt)

# %% [markdown] of="9c560063"
# <details><summary>为什么</summary>
#
# 斜率是 1 和 0.53；后者只是缓慢地趋向 ½，因为在最好的一对处，(3.4) 中矩阵的两个特征值相同，这时误差缩小得比它的收敛率所说的略慢一些。
# 在 $\kappa = 1000$ 时是 6908 步对 321 步，前者是后者的 21.5 倍。
# 只要步数少于参数个数，任何只累加过去梯度的方法，在所有二次函数上都不可能比 $\sqrt\kappa$ 的量级更好（Nesterov, 2004，第 2.1 节）。
#
# </details>

# %% [markdown] of="809c771a"
# ### 离开鞍点
#
# 公式 (3.4) 对负特征值也成立；这时收敛率大于 1，而我们希望它大。
# 在鞍面 $x^2 - y^2$ 上，沿 $y$ 有 $h = -2$。
# 取 $\eta = 0.1$，普通梯度下降每步以 1.2 的因子离开。
#
# > **预测。** $\beta = 0.9$ 的球每步以多大的因子离开？

# %% of="2cd8bf3c"

# %% tags=["experiment"] of="f56eb070"
for beta in (0.0, 0.9):
    y, velocity, n_steps = np.array(1e-6), np.array(0.0), 0
    while abs(y) < 1 and n_steps < 1000:
        before = y
        y, velocity = momentum_step(y, velocity, -2 * y, lr=0.1, beta=beta)
        n_steps += 1
    half = (1 + beta + 0.1 * 2) / 2
    theory = half + np.sqrt(half**2 - beta)
    factor = y / before
    print(f"β = {beta}：{n_steps} 步到 1，因子 {factor:.4f}，理论 {theory:.4f}")
    assert abs(factor - theory) < 1e-4
compare("saddle", factor)

# %% [markdown] of="9913d618"
# <details><summary>为什么</summary>
#
# 因子是 1.5 而不是 1.2，球用 36 步离开，而不是 76 步。
#
# </details>

# %% [markdown] of="d9c02b8f"
# ## 6 · 向前看
#
# 不管坡度怎么说，球都将要移动 $\beta v_t$。
# Nesterov 的想法是：先走到那里，再在那里问梯度。
#
# $$ v_{t+1} = \beta\, v_t - \eta\, \nabla f(\theta_t + \beta\, v_t), \qquad \theta_{t+1} = \theta_t + v_{t+1}. \tag{3.6} $$
#
# 与 (3.1) 不同的只是取梯度的点。
# 如果球正要冲上对面的谷壁，那里的梯度已经在往回推，早了一步。

# %% [markdown] exercise="nesterov_step" of="5ae635ef"
# 写出 Nesterov 方法的一步，即公式 (3.6)。
# 给你的不是梯度，而是函数 `grad_fn`；只调用它一次。

# %% exercise="nesterov_step" of="3cdff7fe"
"""Nesterov 加速梯度的一步，向前看的形式。

参数
----
theta, velocity : ndarray，形状相同
    模型参数和过去各步的累加和（开始时为零）。
grad_fn : callable
    `grad_fn(theta)` 是损失的梯度；只调用一次。
lr, beta : float
    学习率（> 0）和动量（0 <= beta < 1）。

返回值
------
theta, velocity : ndarray
    新数组；传入的数组不被修改。
"""

# %% tags=["try"] of="7ace5a44"

# %% [markdown] of="991e9081"
# ### 使用它
#
# 重球法和 Nesterov 并排，两者都像第 2 节那样取 $\eta = 0.1$ 和 $\beta = 0.9$。


# %% of="29cd54db"
def roll_ahead(step, lr, beta, n_steps, landscape=ravine):
    """与 `roll` 相同，用于自己去问梯度的步子。"""
    path, velocity = [landscape.start], np.zeros_like(landscape.start)
    for _ in range(n_steps):
        theta, velocity = step(path[-1], velocity, landscape.gradient, lr, beta)
        path.append(theta)
    return np.array(path)


# %% tags=["experiment"] of="769a1e13"
heavy = roll(momentum_step, 0.1, 0.9, 29)
ahead = roll_ahead(nesterov_step, 0.1, 0.9, 29)
for name, path in (("重球法", heavy), ("Nesterov", ahead)):
    y, late = path[:, 1], np.abs(path[20:, 1]).max()
    print(f"{name}：y 低到 {y.min():.2f}，从第 21 个点起 |y| 最多 {late:.2f}")
assert ahead[:, 1].min() > 0.5 * heavy[:, 1].min()

title = "η = 0.1，β = 0.9，各 30 个点：Nesterov 的摆幅不到一半"
figure, (left, right) = figures.pair(title)
where = "在球所在处取梯度", "在球的前方取梯度"
figures.trajectories(ravine, {"动量": heavy}, title=where[0], axes=left)
figures.trajectories(ravine, {"Nesterov": ahead}, title=where[1], axes=right)
alt = "两张地图。重球法以宽阔的波在谷底两侧来回；Nesterov 的波高不到一半，\
很快变平。"
figures.show(figure, alt=alt)

# %% [markdown] of="02f187d9"
# 重球法在对面谷壁上到达 $y = -1.42$，Nesterov 到 $-0.67$；从第 21 个点起，它的 $|y|$ 最多 0.07，而不是 0.70。
# 沿着谷底，两者几乎没有差别。

# %% [markdown] of="66f5a98d"
# ### 为什么它在横向刹车，沿谷底却不刹
#
# 在二次函数上，前方的梯度是 $h\,(e_t + \beta v_t)$，所以沿一个特征向量，Nesterov 方法的矩阵是
#
# $$ \begin{pmatrix} (1+\beta)(1-\eta h) & -\beta(1-\eta h) \\ 1 & 0 \end{pmatrix}, \qquad \text{摆动时半径为 } \sqrt{\beta\,(1-\eta h)} $$
#
# 重球法在每个方向上都是 $\sqrt\beta$。
# Nesterov 的 $\beta$ 在曲率 $h$ 大的地方变小：它在陡的地方刹车。

# %% tags=["experiment"] of="4197655a"
heavy = roll(momentum_step, 0.1, 0.9, 300)
ahead = roll_ahead(nesterov_step, 0.1, 0.9, 300)
brake = 1 - 0.1 * np.array([0.1, 2.0])
print("            沿谷底 横向")
for name, path, factor in (("重球法", heavy, 1.0), ("Nesterov", ahead, brake)):
    early, late = (np.abs(path[n : n + 50]).max(axis=0) for n in (50, 250))
    measured, theory = (late / early) ** (1 / 200), np.sqrt(0.9 * factor * np.ones(2))
    print(f"{name:10s}  {measured.round(2)}  理论 {theory.round(2)}")
    assert np.abs(measured - theory).max() < 0.01

# %% [markdown] of="c0899308"
# 横穿峡谷的方向上，Nesterov 每步把摆幅缩到 0.85 倍，重球法是 0.95 倍；沿谷底是 0.94 和 0.95。

# %% [markdown] of="31c3d1da"
# ### 不向前看的同一方法
#
# 在训练循环里，梯度是在网络现有的参数处计算的；没有第二个地方可问。
# 那就让网络*住在*前方的那个点上，并把那个点称为 $\theta$。
# 从一个前方的点到下一个，步子是 $v_{t+1} + \beta\,(v_{t+1} - v_t)$；记它为 $-\eta\, m_{t+1}$。
# 因为 $v_{t+1} - \beta v_t = -\eta\, g_t$，减去 $\beta$ 乘以前一步，剩下
#
# $$ m_{t+1} = \beta\, m_t + g_t + \beta\,(g_t - g_{t-1}), \qquad \theta_{t+1} = \theta_t - \eta\, m_{t+1}, \tag{3.7} $$
#
# 其中 $g_t = \nabla f(\theta_t)$，开始时 $m_0 = 0$，$g_{-1} = 0$。
# 新的一项是两个梯度之差：坡度在上一步中改变了多少。
# 那就是**曲率**，不花代价就测到了。

# %% [markdown] exercise="nesterov_difference_step" of="446063e7"
# 写出公式 (3.7) 的一步。
# `theta`、`m`、`grad` 和 `previous_grad` 形状相同；返回新的参数和新的 `m`。
# 学习率留在累加和之外，也没有因子 $1-\beta$。

# %% exercise="nesterov_difference_step" of="bbdf899b"
"""用梯度之差写成的 Nesterov 方法的一步。

参数
----
theta, m, grad, previous_grad : ndarray，形状都相同
    模型参数，累加和（开始时为零），`theta` 处的梯度，以及前一步的梯度。
lr, beta : float
    学习率（> 0）和动量（0 <= beta < 1）。

返回值
------
theta, m : ndarray
    新数组；传入的数组不被修改。
"""

# %% tags=["try"] of="fd8fc67b"

# %% [markdown] of="29056f42"
# 在峡谷上，用海森矩阵和上一步来表示，$g_t - g_{t-1}$ 是什么？

# %% tags=["experiment"] of="11d10035"
if needs(nesterov_difference_step):
    theta, m, previous = ravine.start, np.zeros(2), np.zeros(2)
    place, velocity = ravine.start, np.zeros(2)
    for _ in range(30):
        grad, before = ravine.gradient(theta), theta
        theta, m = nesterov_difference_step(theta, m, grad, previous, 0.1, 0.9)
        place, velocity = nesterov_step(place, velocity, ravine.gradient, 0.1, 0.9)
        previous = grad
    ahead = place + 0.9 * velocity
    print(f"(3.7) 位于     {theta}\n(3.6) 向前看到 {ahead}")
    assert np.abs(theta - ahead).max() < 1e-12
    change = ravine.gradient(theta) - ravine.gradient(before)
    bend = ravine.hessian(theta) @ (theta - before)
    print(f"梯度的变化       {change}\n海森矩阵乘以步子 {bend}")
    assert np.abs(change - bend).max() < 1e-12

# %% [markdown] of="67188259"
# 两种形式在同一个点上，而在二次函数上，梯度的变化*就是*海森矩阵乘以上一步。
# 没有计算任何海森矩阵：我们本来就有的两个梯度之差代替了它。

# %% [markdown] of="ab5eaf39"
# ### 从一步到优化器
#
# 网络有许多参数数组：每一层的权重和偏置。
# 程序库把它们放在一个对象里，优化器是另一个对象，创建一次，然后在训练的每一步中被调用：
#
# ```python
# optimiser = Momentum(lr=0.1)
# for X, labels in batches:
#     optimiser.update(params, gradients_of(params, X, labels))
# ```
#
# 没有人来回传递速度：优化器记住它们。

# %% [markdown] exercise="Momentum" of="b77a2b28"
# 写出这个对象。
# `params` 和 `grads` 是键相同的数组字典，例如 `{"W1": …, "b1": …}`。
# 你的 `momentum_step` 处理一个数组；类决定记住什么，记多久。
# 一个键可能在任何一次更新中第一次出现，因为网络会增加层。

# %% exercise="Momentum" of="31b687e2"
"""带动量的梯度下降，用于数组的字典。

参数
----
lr, beta : float
    学习率（> 0）和动量（0 <= beta < 1）。

方法
----
update(params, grads)
    对 `params` 的每个数组走一步；`params` 是数组的字典，数组形状任意，
    `grads` 是键相同的字典。之后 `params[key]` 是新数组；`grads` 保持原样。
    每个键有自己的速度，键第一次出现时速度为零。返回 None。
"""

# %% tags=["try"] of="950e0a81"

# %% [markdown] of="d5d65315"
# ### 找出错误
#
# 训练代码的错误很少会让它停下来。
# 它只是训练得比应有的差，而且得有人注意到。
# 下面的函数就是这样：它沿*平均的*梯度下降，对起步做了修正，并在梯度进入平均之前截短太长的梯度，免得一个坏的批次毁掉整个训练。
#
# 在峡谷上，从 $(-7, 2)$ 出发，取 $\eta = 0.1$、$\beta = 0.9$，梯度截到长度 1，没有一步会长过 0.1。
# 它报告的长度却是 0.53、0.70、0.78、0.67、0.45 和 0.36。
# 而且它的路径有七个位置，后六个是同一个。

# %% [markdown] exercise="clipped_descent" of="49aee6dd"
# 这个函数里有三处错误。
# 找出它们，改动尽可能少。
# 只有当剩下最后一处错误时，检查才说出它的名字。

# %% exercise="clipped_descent" of="d3e4f4f3"
"""沿梯度的平均下降，每个梯度都截到一个最大长度。

参数
----
grad_fn : callable
    给出损失在一点处的梯度。
theta0 : ndarray
    起点；不被修改。
lr, beta : float
    学习率（> 0），以及梯度移动平均的衰减系数。
max_norm : float
    更长的梯度沿原方向缩短到这个长度。
n_steps : int
    步数。

返回值
------
path : ndarray，形状为 (n_steps + 1, *theta0.shape)
    所有位置，起点在前。
lengths : ndarray，形状为 (n_steps,)
    每一步的长度。一步是 lr 乘以平均，平均先除以 1 - beta**t，
    即它的 t 个梯度的权重之和。
"""

# %% tags=["try"] of="b4ebf42c"

# %% [markdown] of="880dab2f"
# ## 7 · 训练网络
#
# 能在平面上滚动的，也应当能训练网络。
# 这里的网络识别第 2 章的手写数字。
# 它有 64 个像素，32 个用函数 $\tanh$ 的单元，10 个类别；它的 2,410 个参数是由两个数组构成的字典，梯度也是。
# 课程的 `Optimiser` 把任何一个只走一步的函数变成 `Momentum` 那样的东西：一个对象，有一个方法 `update(params, grads)`，对每个数组有一份记忆。
# 形式为 (3.6) 的 Nesterov 方法要前方的梯度，而训练循环给不出。
# 形式 (3.7) 用前一步的梯度就够了，所以又多了一样要记住的东西。

# %% of="6b69d2f6"
from autograder.lab.tasks.optimiser import Optimiser


def nesterov_remembered(theta, m, previous_grad, grad, lr, beta):
    """(3.7) 的一步，它记住的东西里有最近的梯度。"""
    theta, m = nesterov_difference_step(theta, m, grad, previous_grad, lr, beta)
    return theta, m, grad


# %% [markdown] of="53bfc8f3"
# 训练的循环很短：

# %% of="c84ccb94"
from autograder.lab import datasets, digit_network

digits = datasets.digits()


def train(optimiser, n_epochs=10, seed=0):
    """每一轮之前和最后一轮之后，训练图像上的损失。"""
    rng, losses = np.random.default_rng(seed), []
    params = digit_network.initial(rng)
    for _ in range(n_epochs):
        losses.append(digit_network.loss(params, digits.X, digits.labels))
        for X, labels in digit_network.batches(digits, rng):
            optimiser.update(params, digit_network.loss_and_grads(params, X, labels)[1])
    losses.append(digit_network.loss(params, digits.X, digits.labels))
    return np.array(losses)


# %% [markdown] of="5201d4b7"
# 恒定的梯度使球的步子变成 $1/(1-\beta) = 10$ 倍长。
# 所以拿它与学习率为 $10\,\eta$ 的普通梯度下降比较：这样在梯度一致的地方两者走得一样远。
#
# 一场比赛取 $\eta = 0.02$，一场取 $\eta = 0.2$，各 10 轮；平均形式的学习率是 $10\,\eta$。


# %% of="74f87d86"
def race(lr):
    """普通梯度下降、重球法和平均形式的损失，三者步幅相当。"""
    return {
        "梯度下降，10 η": train(Momentum(10 * lr, beta=0.0)),
        "动量，η": train(Momentum(lr, beta=0.9)),
        "平均形式，10 η": train(Optimiser(ema_momentum_step, lr=10 * lr, beta=0.9)),
    }


# %% tags=["experiment"] of="0239bb33"
races = {lr: race(lr) for lr in (0.02, 0.2)}
for lr, losses in races.items():
    plain, heavy, averaged = losses.values()
    print(f"η = {lr}：1 轮和 10 轮之后的损失，普通梯度下降 {plain[[1, -1]].round(3)}，")
    print(f"          球 {heavy[[1, -1]].round(3)}")
    apart = np.abs(averaged / heavy - 1).max()
    print(f"          平均形式与球的相对差别最多 {apart:.0e}")
    assert apart < 1e-6
    assert abs(plain[-1] / heavy[-1] - 1) < 0.1 if lr < 0.1 else heavy[-1] < 0.02
print(f"什么都不知道的网络的损失：ln 10 = {np.log(10):.3f}")
assert plain[1] > np.log(10)

title = "小 η：十倍的学习率同样好；大 η：只有动量学得会"
figure, panels = figures.pair(title, sharey=True)
for axes, (lr, losses) in zip(panels, races.items(), strict=True):
    curves = dict(list(losses.items())[:2])
    axis = {"xlabel": "轮", "ylabel": "训练图像上的损失"}
    figures.lines(curves, title=f"η = {lr}", **axis, yscale="log", axes=axes)
    axes.set_xticks([0, 5, 10])
alt = "左图两个损失一起下降。右图普通梯度下降跳到 25 并一直很高，动量降到 0.01。"
figures.show(figure, alt=alt)

# %% [markdown] of="79c900bd"
# 曲率允许多大的学习率？第 2 章顺便测过**锐度**，即海森矩阵的最大特征值。
# 第 5 节说：无动量时是 $2/\lambda_{\max}$，有动量时是 $2(1+\beta)/\lambda_{\max}$。

# %% tags=["experiment"] of="c301df86"
from autograder.lab.sharpness import sharpness


def flat_gradient(theta):
    """所有训练图像上的梯度，参数和梯度都排成一行。"""
    hidden, output = np.split(theta, [65 * 32])
    params = {"hidden": hidden.reshape(65, 32), "output": output.reshape(33, 10)}
    _, grads = digit_network.loss_and_grads(params, digits.X, digits.labels)
    return np.concatenate([grads[name].ravel() for name in params])


start = digit_network.initial(np.random.default_rng(0))
largest = sharpness(flat_gradient, np.concatenate([a.ravel() for a in start.values()]))
print(f"起点处 λmax 为 {largest:.2f}：普通梯度下降最多承受 η = ", end="")
print(f"{2 / largest:.2f}，球最多 {2 * 1.9 / largest:.2f}")
assert 2 / largest < 2.0 and 3.8 / largest > 0.2 and 2 / largest > 10 * 0.02

# %% [markdown] of="347a775d"
# $\eta = 0.02$ 时两者都停在 0.14 到 0.15：球相当于十倍大的学习率，不多也不少。
# $\eta = 0.2$ 时普通梯度下降的学习率是 2，一轮之后它的损失是 25，远比什么都不知道的网络差；球降到 0.010。
# 界限说明了原因：对最陡的方向，2 远远超过普通梯度下降所能承受的，而 0.2 远在球所能承受的范围之内。
# 沿陡的方向梯度交替，速度不会放大它们，而是把它们减半：又是第 4 节，这次是在 2,410 维里。
#
# 平均形式在这里也走球的路径，只差舍入。

# %% [markdown] of="afecb7a2"
# *延伸练习*：这里需要你的 `nesterov_difference_step`。
#
# 两场比赛中取同样 $\eta$ 和 $\beta$ 的 Nesterov 方法：

# %% tags=["experiment"] of="13d55c89"
if needs(nesterov_difference_step):
    for lr in (0.02, 0.2):
        heavy = train(Momentum(lr, beta=0.9), n_epochs=1)
        ahead = train(Optimiser(nesterov_remembered, 2, lr=lr, beta=0.9), n_epochs=1)
        share = ahead[1] / heavy[1]
        print(f"η = {lr}：一轮之后的损失，球 {heavy[1]:.3f}，", end="")
        print(f"Nesterov {ahead[1]:.3f}：是它的 {share:.2f}")
        assert (share < 0.8) == (lr > 0.1)

# %% [markdown] of="2aab92fc"
# 步子小的时候两者几乎一样：第一轮之后是 1.34 和 1.30。
# 步子大的时候 Nesterov 在 0.185，而球在 0.262：它在陡的地方刹车，只有大步才需要这样。
# 这些学习率是为了显出差别而选的；在第 5 章里，每个方法都用它自己最好的学习率。

# %% [markdown] of="201f660f"
# ## 8 · 弄坏它
#
# 移动滑块，或者在框里输入。
# 两条路径的学习率都是 $\eta$；只有球有动量 $\beta$。
#
# 1. 保持 $\beta = 0.9$ 和 $\kappa = 20$，增大 $\eta$ 直到球发散。记下这个值。普通梯度下降早就失败了：在哪里？
# 2. 保持 $\eta = 0.1$，把 $\beta$ 从 0 移到 0.99。球从哪里开始摆动，又从哪里开始，摆动的代价超过它的好处？
# 3. 令 $\kappa = 1$。动量还有用吗？
#
# 动手之前，先用第 5 节算出第 1 题的值。
#
# *你的发现（双击后写在这里）：*


# %% of="5b6380e9"
def draw(lr, beta, condition):
    valley = landscapes.valley(condition)
    paths = {
        "梯度下降": roll(momentum_step, lr, 0.0, 60, valley),
        "动量": roll(momentum_step, lr, beta, 60, valley),
    }
    plain, heavy = (valley.f(path[-1]) for path in paths.values())
    note = f"60 步之后的损失：普通梯度下降 {plain:.1e}，动量 {heavy:.1e}"
    return widgets.trajectory_and_loss(valley, paths, note=note)


# %% tags=["experiment"] of="df0936fc"
widgets.explore(
    draw,
    lr=widgets.slider("学习率 η", 0.01, 2.5, 0.1),
    beta=widgets.slider("动量 β", 0, 0.99, 0.9),
    condition=widgets.slider("条件数 κ", 1, 200, 20, step=1),
)

# %% tags=["experiment"] of="2552ec32"
for beta in (0.0, 0.5, 0.9):
    limit = 2 * (1 + beta) / 2.0
    below, above = (
        np.abs(roll(momentum_step, part * limit, beta, 1000)[-1]).max()
        for part in (0.99, 1.01)
    )
    print(f"β = {beta}：界限 {limit:.2f}；略低于它 {below:.0e}，略高于它 {above:.0e}")
    assert below < 1e-3 and above > 1e3
for h in (0.1, 2.0):
    print(f"η = 0.1，h = {h}：从 β = {(1 - np.sqrt(0.1 * h)) ** 2:.2f} 起摆动")

# %% [markdown] of="c74544cb"
# 最大特征值是 2，所以界限 $\eta h < 2(1+\beta)$ 就是：普通梯度下降 $\eta < 1$，$\beta = 0.9$ 时 $\eta < 1.9$。
# 比它低百分之一，一切都收敛；比它高百分之一，一切都失败。
#
# $\eta = 0.1$ 时，球在 $\beta = 0.31$ 处开始横穿峡谷摆动，在 $\beta = 0.81$ 处开始沿峡谷摆动，在这些地方 $\eta h = (1-\sqrt\beta)^2$。
# 到 0.81 为止，动量越大越快；超过之后，收敛率是 $\sqrt\beta$，又开始变大。
# $\kappa = 1$ 时没有什么要平衡的：(3.5) 给出 $\beta = 0$，取 $\eta = 1/2$ 的普通梯度下降一步就到。

# %% [markdown] of="7d734961"
# ### 二次函数之外
#
# 最好的一对 (3.5) 只对*二次函数*最好。
# Lessard、Recht 和 Packard (2016) 把二次函数稍微弯折了一下：一个一元凸函数，其导数的斜率是 25，在 $x = 1$ 与 $x = 2$ 之间是 1，之后又是 25。
# 所有曲率都在 $\mu = 1$ 与 $L = 25$ 之间，所以 (3.5) 给出 $\eta = 1/9$ 和 $\beta = 4/9$。
#
# > **预测。** 函数是凸的，最小值点在 0。从 $x = 3.3$ 出发，用这一对：球会怎样？

# %% of="3f5ef8cb"
predict("guarantee", ..., among=("收敛", "循环", "发散"))

# %% tags=["experiment"] of="3694f9d8"
bent = landscapes.kinked_bowl
paths = {
    "梯度下降": roll(momentum_step, 2 / 26, 0.0, 60, bent),
    "动量": roll(momentum_step, *optimal_momentum(1, 25), 60, bent),
    "Nesterov": roll_ahead(nesterov_step, 1 / 25, 4 / 6, 60, bent),
}
for name, path in paths.items():
    print(f"{name:16s} 停在 {path[-3:].round(4)}")
assert np.abs(paths["Nesterov"][2:]).max() < 1e-9
paths = {name: path[:31] for name, path in paths.items()}
last = np.abs(paths["动量"][-6:])
what = "发散" if last.max() > 10 else "循环" if last.max() > 0.1 else "收敛"
compare("guarantee", what)
title = f"从 x = 3.3 出发，“最优”的球{what}"
figure = figures.lines(paths, title=title, xlabel="步", ylabel="参数 x")
seen = "、".join(f"{value:.2f}" for value in paths["动量"][-3:])
alt = f"参数随步数的变化。动量的最后三个值是 {seen}；另外两个方法走向 0。"
figures.show(figure, alt=alt)

# %% [markdown] of="1182c172"
# <details><summary>为什么</summary>
#
# 球一次又一次地经过 $-1.8024$、$2.1159$ 和 $0.6465$，没有尽头；精确地说，它们是 $-2208$、$2592$ 和 $792$ 除以 $1225$。
# 普通梯度下降用它最好的学习率缓慢收敛。
# Nesterov 方法用它通常的一对 $\eta = 1/L$ 和 $\beta = (\sqrt\kappa-1)/(\sqrt\kappa+1)$，两步就到；这么快是运气，因为 $1/L$ 对 $x = 1$ 左边的部分恰好合适，但它会收敛并不是运气。
# Nesterov 的一对对所有曲率保持在 $\mu$ 与 $L$ 之间的函数都得到了证明；Polyak 的只对二次函数得到证明，而且它恰好调到了边缘上。
#
# </details>

# %% [markdown] of="e46efa29"
# ## 9 · 为什么
#
# 这个回答由人来阅读。三到六句话就够了。

# %% [markdown] question="momentum_why" of="91c39f30"
# 一本教科书让一个球在损失 $f(x) = |x|$ 上从 $x = -3$ 滚下，取 $\eta = 1$ 和 $\beta = 0.9$。
# 只要 $x < 0$，坡度就以力 1 推它；在 $x > 0$ 处以 $-1$ 推它。
# 书里印着这张表：
#
# | 步 | 力 | $v$ | $x$ |
# |---:|---:|---:|---:|
# | 0 | | 0 | −3 |
# | 1 | 1 | 1 | −2 |
# | 2 | 1 | 1.9 | −0.1 |
# | 3 | 1 | 1.71 | 1.61 |
# | 4 | −1 | 0.539 | 2.149 |
#
# 1. 哪一行最先不符合公式 (3.1)，即不能由上一行得到？那一行应当是什么？
# 2. 作者漏掉了什么？说说那个错误的数本身怎样告诉你这一点。
# 3. 第 4 行有第二个错误吗？
# 4. 在正确的表里，球在第 3 步以迄今最高的速率经过最小值点。用一两句话说说，在本章的什么地方这有用，在什么地方它有害。

# %% [markdown] answer="momentum_why" of="2b595d4b"
# 1. 第 3 行。由 $v = 1.9$ 和推力 1 得到 $v = 0.9 \cdot 1.9 + 1 = 2.71$，于是 $x = -0.1 + 2.71 = 2.61$。
# 2. 漏掉了推力：1.71 是 $0.9 \cdot 1.9$，只有摩擦。这一步之前的位置是 $-0.1$，仍在零的左边，所以推力全部起作用。
# 3. 没有：$0.9 \cdot 1.71 - 1 = 0.539$ 和 $1.61 + 0.539 = 2.149$ 遵守规则；这一行不对只是因为它继承了第 3 行。正确的是 1.439 和 4.049。
# 4. 谷底的速率能带着球越过浅坑的边沿、走过几乎平坦的谷底；当球冲过头、在它要找的最小值点周围摆动时，速率就有害。
#
# - [0.5] 第 3 行应当是 $v = 2.71$ 和 $x = 2.61$。
# - [0.5] 漏掉了推力：1.71 只有摩擦。
# - [0.5] 第 4 行由第 3 行得到，自己没有错误。
# - [0.5] 速率带着球越过坑沿或走过平坦的谷底，而在最小值点处冲过头。

# %% [markdown] of="2350b6eb"
# ## 10 · 小结
#
# - 速度是过去所有梯度以 $\beta^{t-k}$ 为权重的和：一致的部分变为 $1/(1-\beta)$ 倍，交替的部分缩到 $1/(1+\beta)$。
# - 速度与移动平均是同一个方法，学习率相差因子 $1-\beta$。
# - 在二次函数上，步数从 $\kappa$ 的量级降到 $\sqrt\kappa$ 的量级；只要 $\eta\lambda < 2(1+\beta)$，球就稳定。
# - Nesterov 在前方取梯度，这使它在陡的方向上刹车；写成不向前看的形式，它含有不花代价的曲率测量。
# - 在网络上，动量相当于把学习率放大到 $1/(1-\beta)$ 倍，并且在普通梯度下降发散的地方仍能承受。
# - 速率带着球离开浅坑，也带着它越过好的最小值点；Polyak 的一对只对二次函数最优。

# %% [markdown] of="5a17379e"
# ## 11 · 在别处
#
# | 出处 | 它的形式 | 与本章比较 |
# |---|---|---|
# | Polyak (1964) | $\theta_{t+1} = \theta_t - \eta g_t + \beta(\theta_t - \theta_{t-1})$ | (3.1)，其中 $v_t = \theta_t - \theta_{t-1}$ |
# | Sutskever 等 (2013) | $v \leftarrow \beta v - \eta g$ | (3.1) 和 (3.6) |
# | Keras `SGD(momentum=β)` | $v \leftarrow \beta v - \eta g$ | (3.1)；用 `nesterov=True` 时它的 $\theta$ 是前方的点，如 (3.7) |
# | PyTorch `SGD(momentum=β)` | $b \leftarrow \beta b + g$，然后 $\theta \leftarrow \theta - \eta b$ | 只要 $\eta$ 不变，就是 (3.1)，其中 $v = -\eta b$ |
# | PyTorch `dampening=τ` | $b \leftarrow \beta b + (1-\tau) g$ | $\tau = \beta$ 时是 (3.2)，只是第一个 $b$ 是 $g$，不是 $(1-\beta) g$ |
# | PyTorch `nesterov=True` | $\theta \leftarrow \theta - \eta\,(g + \beta b)$ | (3.7)：它的 $\theta$ 是前方的点 |
# | Adam（第 5 章） | (3.2) 的平均，除以 $1-\beta^t$ | |
#
# PyTorch 的 $b \leftarrow \beta b + g$ 符号错了吗？没有：它保存梯度之和，最后再减；(3.1) 保存步子之和，最后再加。混在一起，先 $b \leftarrow \beta b - g$ 再 $\theta - \eta b$，就会爬坡。
#
# 在学习率改变之前，它放在哪里都没有区别。
#
# > **预测。** 在恒定的梯度 1 上先以 $\eta = 1$ 走十步，再以 $\eta = 0.1$ 走三十步。
# > 哪个球走得更远？

# %% of="455d2108"
predict("schedule", ..., among=("(3.1) 的速度", "PyTorch", "一样远"))

# %% tags=["experiment"] of="22264992"
theta, velocity = np.array(0.0), np.array(0.0)
torch_theta, buffer = 0.0, 0.0
for t in range(40):
    lr = 1.0 if t < 10 else 0.1
    theta, velocity = momentum_step(theta, velocity, np.array(1.0), lr, 0.9)
    buffer = 0.9 * buffer + 1.0
    torch_theta -= lr * buffer
    if t in (9, 10, 39):
        print(f"{t + 1} 步之后：(3.1) 在 {theta:.2f}，PyTorch 在 {torch_theta:.2f}")
speed, coasting = (1 - 0.9**10) / 0.1, 0.9 * (1 - 0.9**30) / 0.1
assert abs(torch_theta - theta - (1 - 0.1) * speed * coasting) < 1e-9
ahead = abs(theta) - abs(torch_theta)
who = "(3.1) 的速度" if ahead > 1 else "PyTorch" if ahead < -1 else "一样远"
compare("schedule", who)

# %% [markdown] of="15df39bb"
# <details><summary>为什么</summary>
#
# 十步之内两者都在 $-41.38$。
# 之后 PyTorch 的球立刻慢下来，因为 $\eta$ 乘在它的全部记忆上；而我们的球保持已有的速度，只因摩擦而失去它：最后是 $-118.90$ 对 $-68.38$。
# 降低学习率的调度，在一种形式里立刻起作用，在另一种形式里大约晚 $1/(1-\beta)$ 步。
#
# </details>
#
# **延伸阅读** Goh (2017)，*Why Momentum Really Works*，distill.pub，有第 5 节的图，可以拖动；Goodfellow、Bengio 和 Courville (2016)，第 8.3 节；Lessard、Recht 和 Packard (2016)，*Analysis and Design of Optimization Algorithms via Integral Quadratic Constraints*；Nesterov (2004)，*Introductory Lectures on Convex Optimization*。
# 接下来是第 4 章：每个参数一个学习率。

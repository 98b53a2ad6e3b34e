r"""Derivations as ten authors write them: what is right is true, and every planted error is found."""

import pytest

from tests.tiers import mostly_long

from .authored import misjudged

TEXTS = {
    "rnn": (
        r"""
| $W$ | $d \times d$ | | |
| $U$ | $d \times n$ | | |
| $b$ | $d$ | | |
| $x_t$ | $n$ | | |
| $h_{t-1}$ | $d$ | | |
| $\frac{\partial L}{\partial h_t}$ | $d$ | | upstream |
| $t$ | integer | | |
""",
        r"""
+ a_t = W h_{t-1} + U x_t + b
+ h_t = \tanh(a_t)
+ \frac{\partial L}{\partial a_t} = \frac{\partial L}{\partial h_t} \odot (1 - h_t \odot h_t)
- \frac{\partial L}{\partial a_t} = \frac{\partial L}{\partial h_t} \odot (1 - h_t)
+ \frac{\partial L}{\partial W} = \left( \frac{\partial L}{\partial h_t} \odot (1 - h_t^2) \right) h_{t-1}^\top
- \frac{\partial L}{\partial U} = x_t \left( \frac{\partial L}{\partial h_t} \odot (1 - h_t^2) \right)^\top
+ \frac{\partial L}{\partial h_{t-1}} = W^\top \left( \frac{\partial L}{\partial h_t} \odot (1 - h_t^2) \right)
- \frac{\partial L}{\partial h_{t-1}} = W \left( \frac{\partial L}{\partial h_t} \odot (1 - h_t^2) \right)
+ \frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}(1 - h_t^2) W
""",
    ),
    "attention": (
        r"""
| $Q$ | $m \times d$ | | |
| $K$ | $n \times d$ | | |
| $V$ | $n \times p$ | | |
| $\frac{\partial L}{\partial O}$ | $m \times p$ | | upstream |
""",
        r"""
+ S = \frac{Q K^\top}{\sqrt{d}}
+ A = \operatorname{softmax}(S)
+ O = A V
+ A_{ij} = \frac{\exp(S_{ij})}{\sum_k \exp(S_{ik})}
- A_{ij} = \frac{\exp(S_{ij})}{\sum_k \exp(S_{kj})}
+ \sum_j A_{ij} = 1
+ \frac{\partial L}{\partial V} = A^\top \frac{\partial L}{\partial O}
- \frac{\partial L}{\partial V} = A \frac{\partial L}{\partial O}
+ \frac{\partial L}{\partial S_{ij}} = A_{ij} \left( \sum_c \frac{\partial L}{\partial O_{ic}} V_{jc} - \sum_k A_{ik} \sum_c \frac{\partial L}{\partial O_{ic}} V_{kc} \right)
- \frac{\partial L}{\partial S_{ij}} = A_{ij} \left( \sum_c \frac{\partial L}{\partial O_{ic}} V_{jc} - \sum_k \sum_c \frac{\partial L}{\partial O_{ic}} V_{kc} \right)
- \frac{\partial L}{\partial Q} = \frac{\partial L}{\partial S} K
+ \frac{\partial L}{\partial Q} = \frac{1}{\sqrt d} \frac{\partial L}{\partial S} K
+ \frac{\partial L}{\partial K} = \frac{1}{\sqrt d} \left( \frac{\partial L}{\partial S} \right)^\top Q
""",  # noqa: E501 - a display stands on one line
    ),
    "vae": (
        r"""
| $\mu$, $\nu$ | $d$ | | |
| $\sigma$, $\tau$ | $d$ | | positive |
| $\epsilon$ | $d$ | | |
""",
        r"""
+ z = \mu + \sigma \odot \epsilon
+ \frac{\partial z_i}{\partial \sigma_i} = \epsilon_i
- \frac{\partial z_i}{\partial \sigma_i} = \sigma_i
+ D = \frac{1}{2} \sum_{j=1}^d \left( \mu_j^2 + \sigma_j^2 - 1 - \log \sigma_j^2 \right)
+ \frac{\partial D}{\partial \mu} = \mu
+ \frac{\partial D}{\partial \sigma_j} = \sigma_j - \frac{1}{\sigma_j}
- \frac{\partial D}{\partial \sigma_j} = \sigma_j + \frac{1}{\sigma_j}
+ E = \sum_j \left( \log \frac{\tau_j}{\sigma_j} + \frac{\sigma_j^2 + (\mu_j - \nu_j)^2}{2 \tau_j^2} - \frac{1}{2} \right)
+ \frac{\partial E}{\partial \tau_j} = \frac{1}{\tau_j} - \frac{\sigma_j^2 + (\mu_j - \nu_j)^2}{\tau_j^3}
- \frac{\partial E}{\partial \tau_j} = \frac{1}{\tau_j} - \frac{\sigma_j^2 + (\mu_j - \nu_j)^2}{\tau_j^2}
+ D \ge 0
""",  # noqa: E501 - a display stands on one line
    ),
    "gan": (
        r"""
| $p$, $q$ | $n$ | | entries sum to one |
| $D$ | $n$ | | between 0 and 1 |
""",
        r"""
+ V = \sum_x p_x \log D_x + \sum_x q_x \log(1 - D_x)
+ \frac{\partial V}{\partial D_x} = \frac{p_x}{D_x} - \frac{q_x}{1 - D_x}
- \frac{\partial V}{\partial D_x} = \frac{p_x}{D_x} + \frac{q_x}{1 - D_x}
+ M_x = \frac{p_x + q_x}{2}
+ C = \sum_x p_x \log \frac{p_x}{p_x + q_x} + \sum_x q_x \log \frac{q_x}{p_x + q_x}
+ C = -2 \log 2 + \sum_x p_x \log \frac{p_x}{M_x} + \sum_x q_x \log \frac{q_x}{M_x}
- C = -\log 2 + \sum_x p_x \log \frac{p_x}{M_x} + \sum_x q_x \log \frac{q_x}{M_x}
- C \ge -\log 2
""",
    ),
    "batchnorm": (
        r"""
| $x$ | $m$ | | |
| $\gamma$, $\beta$ | number | | |
| $\epsilon$ | number | | positive |
| $\frac{\partial L}{\partial y}$ | $m$ | | upstream |
""",
        r"""
+ \mu = \frac{1}{m} \sum_{i=1}^m x_i
+ v = \frac{1}{m} \sum_{i=1}^m (x_i - \mu)^2
+ v = \frac{1}{m} \sum_i x_i^2 - \mu^2
- v = \frac{1}{m} \sum_i x_i^2 - m \mu^2
+ \hat x_i = \frac{x_i - \mu}{\sqrt{v + \epsilon}}
+ y_i = \gamma \hat x_i + \beta
+ \frac{\partial L}{\partial \gamma} = \sum_i \frac{\partial L}{\partial y_i} \hat x_i
+ \frac{\partial L}{\partial \beta} = \sum_i \frac{\partial L}{\partial y_i}
+ \frac{\partial L}{\partial x_i} = \frac{\gamma}{m \sqrt{v + \epsilon}} \left( m \frac{\partial L}{\partial y_i} - \sum_j \frac{\partial L}{\partial y_j} - \hat x_i \sum_j \frac{\partial L}{\partial y_j} \hat x_j \right)
- \frac{\partial L}{\partial x_i} = \frac{\gamma}{m \sqrt{v + \epsilon}} \left( m \frac{\partial L}{\partial y_i} - \sum_j \frac{\partial L}{\partial y_j} + \hat x_i \sum_j \frac{\partial L}{\partial y_j} \hat x_j \right)
- \frac{\partial L}{\partial x_i} = \frac{\gamma}{\sqrt{v + \epsilon}} \frac{\partial L}{\partial y_i}
+ \sum_i \frac{\partial L}{\partial x_i} = 0
+ \sum_i \hat x_i = 0
""",  # noqa: E501 - a display stands on one line
    ),
    "kalman": (
        r"""
| $P$ | $n \times n$ | | symmetric positive definite |
| $R$ | $k \times k$ | | symmetric positive definite |
| $H$ | $k \times n$ | | |
| $I$ | $n \times n$ | | identity |
| $x$ | $n$ | | |
| $z$ | $k$ | | |
""",
        r"""
+ S = H P H^\top + R
+ K = P H^\top S^{-1}
+ x' = x + K (z - H x)
+ N = (I - K H) P
+ N = (I - K H) P (I - K H)^\top + K R K^\top
- N = (I - K H) P (I - K H)^\top + K^\top R K
+ N = P - K S K^\top
- N = P - K S
+ N^{-1} = P^{-1} + H^\top R^{-1} H
- N^{-1} = P^{-1} + H R^{-1} H^\top
+ K = N H^\top R^{-1}
- K = P H^\top R^{-1}
+ \operatorname{tr}(N) = \operatorname{tr}(P) - \operatorname{tr}(K H P)
+ N \preceq P
- P \preceq N
- N \succ P
""",
    ),
    "logistic": (
        r"""
| $X$ | $m \times n$ | | |
| $w$ | $n$ | | |
| $y$ | $m$ | | 0 or 1 |
| $\lambda$ | number | | positive |
| $\sigma$ | function | | sigmoid |
| $I$ | $n \times n$ | | identity |
""",
        r"""
+ p = \sigma(X w)
+ J = -\frac{1}{m} \sum_{i=1}^m \left[ y_i \log p_i + (1 - y_i) \log(1 - p_i) \right] + \frac{\lambda}{2} \| w \|^2
+ \nabla_w J = \frac{1}{m} X^\top (p - y) + \lambda w
- \nabla_w J = \frac{1}{m} X^\top (y - p) + \lambda w
- \nabla_w J = \frac{1}{m} X^\top (p - y) + 2 \lambda w
+ \nabla^2_w J = \frac{1}{m} X^\top \operatorname{diag}(p \odot (1 - p)) X + \lambda I
- \nabla^2_w J = \frac{1}{m} X^\top \operatorname{diag}(p) X + \lambda I
+ 1 - \sigma(z) = \sigma(-z)
+ \sigma'(z) = \sigma(z) (1 - \sigma(z))
- \sigma'(z) = \sigma(z)^2 (1 - \sigma(z))
+ J = \frac{1}{m} \sum_i \left( \log(1 + e^{(X w)_i}) - y_i (X w)_i \right) + \frac{\lambda}{2} \| w \|^2
- J = \frac{1}{m} \sum_i \left( \log(1 + e^{(X w)_i}) + y_i (X w)_i \right) + \frac{\lambda}{2} \| w \|^2
""",
    ),
    "pca": (
        r"""
| $X$ | $m \times n$ | | |
| $u$ | $n$ | | |
| $\lambda$ | number | | |
""",
        r"""
+ \bar x_j = \frac{1}{m} \sum_i X_{ij}
+ C_{jk} = \frac{1}{m} \sum_i (X_{ij} - \bar x_j)(X_{ik} - \bar x_k)
+ C_{jk} = \frac{1}{m} \sum_i X_{ij} X_{ik} - \bar x_j \bar x_k
- C_{jk} = \frac{1}{m} \sum_i X_{ij} X_{ik} - m \bar x_j \bar x_k
+ F = u^\top C u - \lambda (u^\top u - 1)
+ \frac{\partial F}{\partial u} = 2 C u - 2 \lambda u
- \frac{\partial F}{\partial u} = C u - 2 \lambda u
+ \operatorname{tr}(C) = \frac{1}{m} \sum_{i,j} (X_{ij} - \bar x_j)^2
- \operatorname{tr}(C) = \frac{1}{m} \sum_{i,j} X_{ij}^2
+ u^\top C u = \frac{1}{m} \sum_i \left( \sum_j (X_{ij} - \bar x_j) u_j \right)^2
""",
    ),
    "diffusion": (
        r"""
| $\alpha$, $\bar\alpha$ | number | | between 0 and 1 |
| $x_0$, $x_t$, $\epsilon$ | $d$ | | |
| $t$ | integer | | |
""",
        r"""
+ \beta = 1 - \alpha
+ \tilde\beta = \frac{1 - \bar\alpha / \alpha}{1 - \bar\alpha} \beta
+ q_t = \sqrt{\bar\alpha} x_0 + \sqrt{1 - \bar\alpha} \epsilon
+ \frac{1}{\sqrt{\alpha}} \left( q_t - \frac{1 - \alpha}{\sqrt{1 - \bar\alpha}} \epsilon \right) = \frac{\sqrt{\bar\alpha}}{\sqrt{\alpha}} x_0 + \frac{\alpha - \bar\alpha}{\sqrt{\alpha} \sqrt{1 - \bar\alpha}} \epsilon
- \frac{1}{\sqrt{\alpha}} \left( q_t - \frac{1 - \alpha}{\sqrt{1 - \bar\alpha}} \epsilon \right) = \frac{\sqrt{\bar\alpha}}{\sqrt{\alpha}} x_0 + \frac{\alpha - \bar\alpha}{\sqrt{1 - \bar\alpha}} \epsilon
+ \frac{q_t - \sqrt{1 - \bar\alpha} \epsilon}{\sqrt{\bar\alpha}} = x_0
+ \| q_t - \sqrt{\bar\alpha} x_0 \|^2 = (1 - \bar\alpha) \| \epsilon \|^2
- \| q_t - \sqrt{\bar\alpha} x_0 \|^2 = \sqrt{1 - \bar\alpha} \| \epsilon \|^2
""",  # noqa: E501 - a display stands on one line
    ),
    "crf": (
        r"""
| $a$, $b$, $c$ | $K$ | | |
| $T$ | $K \times K$ | | |
""",
        r"""
+ Z = \sum_{i,j,k} \exp(a_i + T_{ij} + b_j + T_{jk} + c_k)
+ f_j = \sum_i \exp(a_i + T_{ij})
+ g_k = \sum_j f_j \exp(b_j + T_{jk})
+ Z = \sum_k g_k \exp(c_k)
- Z = \sum_k g_k c_k
+ \frac{\partial \log Z}{\partial b_j} = \frac{f_j \exp(b_j) \sum_k \exp(T_{jk} + c_k)}{Z}
- \frac{\partial \log Z}{\partial b_j} = \frac{f_j \exp(b_j) \sum_k \exp(T_{kj} + c_k)}{Z}
+ \sum_j \frac{\partial \log Z}{\partial b_j} = 1
- \sum_j \frac{\partial \log Z}{\partial b_j} = 0
+ \log Z = \log \sum_k \exp(\log g_k + c_k)
""",
    ),
    "lstm": (
        r"""
| $c_{t-1}$, $a$, $b$, $g$, $o$ | $d$ | | |
| $\sigma$ | function | | sigmoid |
| $\frac{\partial L}{\partial h}$ | $d$ | | upstream |
""",
        r"""
+ c = \sigma(a) \odot c_{t-1} + \sigma(b) \odot \tanh(g)
+ h = \sigma(o) \odot \tanh(c)
+ \frac{\partial L}{\partial o} = \frac{\partial L}{\partial h} \odot \tanh(c) \odot \sigma(o) \odot (1 - \sigma(o))
- \frac{\partial L}{\partial o} = \frac{\partial L}{\partial h} \odot c \odot \sigma(o) \odot (1 - \sigma(o))
+ \frac{\partial L}{\partial c} = \frac{\partial L}{\partial h} \odot \sigma(o) \odot (1 - \tanh^2(c))
- \frac{\partial L}{\partial c} = \frac{\partial L}{\partial h} \odot \sigma(o) \odot (1 - \tanh(c))
+ \frac{\partial L}{\partial a} = \frac{\partial L}{\partial c} \odot c_{t-1} \odot \sigma(a) \odot (1 - \sigma(a))
- \frac{\partial L}{\partial a} = \frac{\partial L}{\partial c} \odot \sigma(a) \odot (1 - \sigma(a))
+ \frac{\partial L}{\partial c_{t-1}} = \frac{\partial L}{\partial c} \odot \sigma(a)
+ \frac{\partial L}{\partial g} = \frac{\partial L}{\partial c} \odot \sigma(b) \odot (1 - \tanh(g)^2)
""",
    ),
}


@pytest.mark.parametrize("name", mostly_long(TEXTS, ["rnn", "attention"]))
def test_right_displays_are_true_and_planted_errors_are_found(tmp_path, name):
    assert not misjudged(tmp_path, *TEXTS[name])


def test_a_member_of_many_names_both_ways_out(tmp_path):
    rows, text = TEXTS["rnn"]
    found = misjudged(tmp_path, rows.replace("| $t$ | integer | | |", ""), text)
    assert any("where one t alone is meant, give it the row | $t$ | integer | | |" in said for _, _, said in found)
